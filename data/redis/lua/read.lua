-- Reads a cart with the details of its products in one step, or says that it
-- still is the one the caller knows. It never touches the timeout.
--
-- KEYS 1 cart  2 meta  3 operation record asked about
-- ARGV 1 known token "version operation", '' to read in any case
--      2 most lines  3 product key without the id
--
-- Reply:
--   SAME  ms left (-1: no timeout, -2: no cart), operation record is there 0/1
--   OK    ms left, record 0/1, version, operation, lines in the cart,
--         then 7 for each line: product, quantity, "added changed counter",
--         name, price, barcode, stock ('' for what is missing)
--
-- What is stored may be of any size: long values are cut here, so that one
-- damaged product cannot fill the connection.
local call, sub = redis.call, string.sub

local function cut(s, n)
  if not s then return '' end
  return #s <= n and s or sub(s, 1, n)
end

local m = call('HMGET', KEYS[2], 'v', 'o')
local v, op = cut(m[1], 32), cut(m[2], 65)
local ttl, mine = call('PTTL', KEYS[2]), call('EXISTS', KEYS[3])
if ttl == -2 then ttl = call('PTTL', KEYS[1]) end
if ARGV[1] ~= '' and ARGV[1] == v .. ' ' .. op then return {'SAME', ttl, mine} end

local most = tonumber(ARGV[2])
local z = call('ZRANGE', KEYS[1], 0, most - 1, 'WITHSCORES')
local n = #z / 2
if n == most then n = call('ZCARD', KEYS[1]) end

-- unpack() takes a few thousand values only, hence the pages.
local touched = {}
for first = 1, #z, 1000 do
  local fields = {}
  for i = first, math.min(first + 999, #z), 2 do
    fields[#fields + 1] = 'l:' .. sub(z[i], 1, 257)
  end
  for _, s in ipairs(call('HMGET', KEYS[2], unpack(fields))) do
    touched[#touched + 1] = s or ''
  end
end

local out, o = {'OK', ttl, mine, v, op, n}, 6
for i = 1, #z, 2 do
  local pid = z[i]
  local p = #pid <= 256 and redis.pcall('HMGET', ARGV[3] .. pid, 'name', 'price', 'barcode', 'stock') or {}
  -- A product of another type is none; a product that may not be read is an error.
  if p.err and not string.find(p.err, '^WRONGTYPE') then return p end
  out[o + 1], out[o + 2] = cut(pid, 257), z[i + 1]
  out[o + 3] = cut(touched[(i + 1) / 2], 300)
  out[o + 4], out[o + 5] = cut(p[1], 600), cut(p[2], 32)
  out[o + 6], out[o + 7] = cut(p[3], 80), cut(p[4], 32)
  o = o + 7
end
return out
