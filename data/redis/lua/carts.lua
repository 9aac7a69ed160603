-- Notes which carts a running program has open, and lists the open carts of the
-- shop. Carts whose time has run out are put to the past. Where nothing can be
-- written, such as on a replica, it lists all the same.
--
-- KEYS 1 index of the carts  2 who is here
-- ARGV 1 tag of the shop
--      2 ms for which a visit counts
--      3 session  4 counter, one word
--      5 most carts of the list  6 most lines of a cart
--      7 and on: the carts that are open there
--
-- Reply: a list with three for each cart that somebody has open: session,
-- counter, cart; then a list for each cart: id, name, lines, items, total of the
-- lines whose price is known in millions and the rest, whether that is all 0/1,
-- when its first line came in (microseconds, 0: unknown), ms left (-1: no
-- timeout, -2: nothing to expire), last event or ''
local life, session, limit = tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[6])
local now, ms = clock()

local function isid(s) return #s <= 128 and match(s, '^[%w._-]+$') ~= nil end

-- Writes this program's visit in the list of who is here, and takes out those
-- that are over. It reports whether the server takes writes.
local function visit()
  local mine, writable = {}, true
  local function write(...)
    local answer = try(...)
    if type(answer) == 'table' and answer.err and not wrongtype(answer) then writable = false end
  end
  for i = 7, #ARGV do
    local member = session .. ' ' .. ARGV[4] .. ' ' .. ARGV[i]
    mine[member] = true
    write('ZADD', KEYS[2], digits(ms + life), member)
  end
  local here = try('ZRANGE', KEYS[2], 0, 9999)
  for _, member in ipairs(here.err and {} or here) do
    if match(member, '^%S*') == session and not mine[member] then write('ZREM', KEYS[2], member) end
  end
  write('ZREMRANGEBYSCORE', KEYS[2], '-inf', digits(ms))
  write('PEXPIRE', KEYS[2], '60000')
  return writable and not lacks(burial('x')) and not lacks({{'zadd', KEYS[1], '1', 'x'}, {'hset', tag .. 'cartmeta:x', 'x', ''}})
end

-- who is here, and the carts that are open therefore
local function present()
  local here, open = {}, {}
  local members = try('ZRANGE', KEYS[2], -1000, -1, 'WITHSCORES')
  for i = 1, members.err and 0 or #members, 2 do
    local who, counter, cart = match(members[i], '^(%S+) (%S*) (%S+)$')
    if who and #who <= 64 and #counter <= 300 and isid(cart) and tonumber(members[i + 1]) > ms then
      here[#here + 1], here[#here + 2], here[#here + 3] = who, counter, cart
      open[cart] = true
    end
  end
  return here, open
end

local prices = {} -- false: the product is unknown or damaged
local function price(id)
  if prices[id] == nil then
    local p = #id <= 256 and try('HMGET', tag .. 'product:' .. id, 'name', 'price', 'stock') or {}
    local sound = (p[1] or '') ~= '' and ((p[3] or '') == '' or int(p[3], 0, most))
    prices[id] = sound and int(p[2], 0, 1000000000000) or false
  end
  return prices[id]
end

-- Lines, items, total and whether it is exact. Lua counts to 2^53 only, which a
-- total may exceed.
local function sums(cart)
  local z = try('ZRANGE', tag .. 'cart:' .. cart, 0, limit - 1, 'WITHSCORES')
  if z.err then z = {} end
  local count, items, millions, rest, exact = #z / 2, 0, 0, 0, 1
  if count == limit then count = call('ZCARD', tag .. 'cart:' .. cart) end
  if count > limit then exact = 0 end
  for i = 1, #z, 2 do
    local n, each = int(z[i + 1], 1, most), price(z[i])
    if n and items + n <= most then items = items + n end
    local high = millions + (n and each and math.floor(each / 1000000) * n or most)
    local low = rest + (n and each and each % 1000000 * n or most)
    if high <= 9000000000000 and low <= most then
      millions, rest = high, low
    else
      exact = 0
    end
  end
  return count, items, millions, rest, exact
end

-- What the list says of a cart, or nil where it is no open one.
local function look(cart, open, writable)
  local key = tag .. 'cartmeta:' .. cart
  local m = try('HMGET', key, 'v', 'o', 'd', 'n', 'b')
  if m.err then m = {} end
  local v, listed = int(m[1], 0, most) or 0, try('ZSCORE', KEYS[1], cart)
  if type(listed) == 'table' then listed = false end
  local count, items, millions, rest, exact = 0, 0, 0, 0, 1
  local name, began, ttl, gone = '', 0, -2, over(cart, m[3], ms)
  if gone then
    if writable and (listed or m[4] or m[5]) and #(m[2] or '') <= 64 then expire(cart, fields(call('HGETALL', key)), limit) end
  else
    count, items, millions, rest, exact = sums(cart)
    name, ttl = cut(m[4], 300), left(cart, m[3], ms)
    if count > 0 then began = int(m[5], 0, most) or 0 end
  end
  local holds = count > 0 or name ~= ''
  if not holds and not open then
    if writable and listed then try('ZREM', KEYS[1], cart) end
    return
  end
  local score = rank(int(m[3], 0, most) or 0)
  if writable and holds and (not listed or math.abs(listed - score) > 10000) then try('ZADD', KEYS[1], score, cart) end
  local last = try('HMGET', key, 'e:' .. v % 128)[1] or ''
  if #last > 1024 or match(last, '^1 (%d+) ') ~= digits(v) then last = '' end
  return {cart, name, count, items, millions, rest, exact, began, ttl, last}
end

local writable = visit()
local here, open = present()
local out, seen = {here}, {}
local function list(cart)
  if seen[cart] then return end
  seen[cart] = true
  if not isid(cart) then
    if writable then try('ZREM', KEYS[1], cart) end
    return
  end
  local entry = look(cart, open[cart], writable)
  if entry and #out <= tonumber(ARGV[5]) then out[#out + 1] = entry end
end
for cart in pairs(open) do list(cart) end
-- Those that end last come next, which are those changed last; then those that
-- end first, as their time may be over.
for _, range in ipairs({{-ARGV[5], -1}, {0, 49}}) do
  local carts = try('ZRANGE', KEYS[1], range[1], range[2])
  for _, cart in ipairs(carts.err and {} or carts) do list(cart) end
end
return out
