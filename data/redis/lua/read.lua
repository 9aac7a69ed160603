-- Reads a cart with the details of its products in one step, or says that it
-- still is the one the caller knows. It writes nothing and never touches the
-- timeout.
--
-- KEYS 1 cart  2 meta  3 operation record asked about
-- ARGV 1 tag of the shop  2 cart id
--      3 known token "version operation", '' to read in any case
--      4 most lines
--
-- Reply:
--   SAME  ms left (-1: no timeout, -2: no cart), operation record is there 0/1
--   OK    ms left, record 0/1, version, operation, name, how the last cart with
--         lines ended (a list as of ending.lua, empty: unknown), lines in the
--         cart,
--         then 7 for each line: product, quantity, "added changed counter
--         quantity", name, price, barcode, stock ('' for what is missing)
--
-- What is stored may be of any size: long values are cut here, so that one
-- damaged product cannot fill the connection.
local cart, limit = ARGV[2], tonumber(ARGV[4])
local _, ms = clock()
local m = call('HMGET', KEYS[2], 'v', 'o', 'd', 'n', 'x')
local mine = call('EXISTS', KEYS[3])

local function expired()
  local meta = fields(call('HGETALL', KEYS[2]))
  local lines, more = remains(meta, limit)
  if #lines == 0 then return ending(cart, m[5], limit) end
  return told({id = cut(m[2], 64), cart = cart, how = 'expired', at = digits(int(m[3], 1, most) * 1000),
    by = '', name = cut(m[4], 300), more = more, lines = lines})
end
if over(cart, m[3], ms) then
  return {'OK', -2, mine, '', '', '', expired(), 0}
end

local v, op, ttl = cut(m[1], 32), cut(m[2], 65), left(cart, m[3], ms)
if ARGV[3] ~= '' and ARGV[3] == v .. ' ' .. op then return {'SAME', ttl, mine} end

local z = call('ZRANGE', KEYS[1], 0, limit - 1, 'WITHSCORES')
local n = #z / 2
if n == limit then n = call('ZCARD', KEYS[1]) end

-- unpack() takes a few thousand values only, hence the pages.
local records = {}
for first = 1, #z, 1000 do
  local names = {}
  for i = first, math.min(first + 999, #z), 2 do
    names[#names + 1] = 'l:' .. sub(z[i], 1, 257)
  end
  for _, s in ipairs(call('HMGET', KEYS[2], unpack(names))) do
    records[#records + 1] = s or ''
  end
end

local out, o = {'OK', ttl, mine, v, op, cut(m[4], 300), n == 0 and ending(cart, m[5], limit) or {}, n}, 8
for i = 1, #z, 2 do
  local pid = z[i]
  local p = #pid <= 256 and try('HMGET', tag .. 'product:' .. pid, 'name', 'price', 'barcode', 'stock') or {}
  -- A product of another type is none; a product that may not be read is an error.
  if p.err and not wrongtype(p) then return p end
  out[o + 1], out[o + 2] = cut(pid, 257), z[i + 1]
  out[o + 3] = cut(records[(i + 1) / 2], 300)
  out[o + 4], out[o + 5] = cut(p[1], 600), cut(p[2], 32)
  out[o + 6], out[o + 7] = cut(p[3], 80), cut(p[4], 32)
  o = o + 7
end
return out
