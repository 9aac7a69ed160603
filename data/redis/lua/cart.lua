-- What the scripts about carts have in common. It stands in front of each of
-- them; their ARGV 1 is how all keys of the shop begin, "{shop}:".
local call, try = redis.call, redis.pcall
local format, match, sub = string.format, string.match, string.sub
local tag = ARGV[1]
local most = 9007199254740000 -- the largest number that is counted, below 2^53
local month = 2592000000 -- ms that a cart is kept which has ended

-- a whole number of digits only; Lua would read "1e3" and "0x10" as well
local function int(s, low, high)
  local n = s and match(s, '^%d+$') and tonumber(s)
  if n and n >= low and n <= high then return n end
end

local function digits(n) return format('%d', n) end

local function cut(s, n)
  if not s then return '' end
  return #s <= n and s or sub(s, 1, n)
end

-- the server's clock in microseconds and in milliseconds
local function clock()
  local t = call('TIME')
  return t[1] * 1000000 + t[2], t[1] * 1000 + math.floor(t[2] / 1000)
end

-- A cart is over when its deadline is and the key of its lines has run out. That
-- key's timeout is set after the clock was read, so that no script finds it gone
-- before the deadline; one that lives longer was renewed by somebody who knows
-- of no deadlines.
local function over(cart, deadline, ms)
  local d = int(deadline, 1, most)
  return d ~= nil and ms >= d and call('EXISTS', tag .. 'cart:' .. cart) == 0
end

-- ms that a cart still has; -1: no timeout, -2: there is nothing
local function left(cart, deadline, ms)
  local ttl = call('PTTL', tag .. 'cart:' .. cart)
  if ttl ~= -2 then return ttl end
  if not deadline then return call('PTTL', tag .. 'cartmeta:' .. cart) end
  local d = int(deadline, 0, most) or 0
  return d == 0 and -1 or d - ms
end

local function wrongtype(answer)
  return type(answer) == 'table' and answer.err and match(answer.err, '^WRONGTYPE') ~= nil
end

-- added, changed, counter and quantity of a line's record; an earlier version
-- wrote no quantity
local function touched(s)
  if not s or #s > 300 then return 0, 0, '', 0 end
  local added, changed, who, quantity = match(s, '^(%d+) (%d+) (%S*) ?(%d*)$')
  return int(added, 0, most) or 0, int(changed, 0, most) or 0, who or '', int(quantity, 0, most) or 0
end

-- The error of the first command that the user may not run, or nil: a right that
-- went missing must show before the first write. Servers before version 7 cannot
-- be asked.
local function lacks(commands)
  if not redis.acl_check_cmd then return end
  for _, c in ipairs(commands) do
    if not redis.acl_check_cmd(unpack(c)) then
      return {err = "NOPERM this user has no permissions to run the '" .. c[1] .. "' command"}
    end
  end
end

-- a hash as a table
local function fields(flat)
  local f = {}
  for i = 1, #flat, 2 do f[flat[i]] = flat[i + 1] end
  return f
end

-- unpack() takes a few thousand values only, hence the pages.
local function paged(command, key, list)
  for first = 1, #list, 1000 do
    try(command, key, unpack(list, first, math.min(first + 999, #list)))
  end
end

-- A line as it is kept of a cart that has ended: "quantity price added changed
-- counter name", the price empty when nobody knows it.
local function kept(id, quantity, record)
  local p = #id <= 256 and try('HMGET', tag .. 'product:' .. id, 'name', 'price') or {}
  if p.err then p = {} end
  local price = int(p[2], 0, 1000000000000)
  local added, changed, who = touched(record)
  return format('%s %s %d %d %s ', quantity, price and digits(price) or '', added, changed, who) .. cut(p[1], 600)
end

-- What the meta of an expired cart knows of its lines, field and value in turn,
-- and how many lines there were beyond the limit.
local function remains(meta, limit)
  local list, more = {}, 0
  for field, record in pairs(meta) do
    local id = match(field, '^l:(.+)$')
    local _, _, _, quantity = touched(record)
    if id and quantity > 0 then
      if #list / 2 < limit and #id <= 256 then
        list[#list + 1] = field
        list[#list + 1] = kept(id, digits(quantity), record)
      else
        more = more + 1
      end
    end
  end
  return list, more
end

-- the writes that putting a cart to the past takes
local function burial(cart)
  local past = tag .. 'past:' .. cart .. ':'
  local commands = {
    {'hset', past, 'how', ''}, {'pexpire', past, '1'}, {'hdel', tag .. 'cartmeta:' .. cart, 'n'},
    {'unlink', tag .. 'cart:' .. cart}, {'zrem', tag .. 'carts', cart},
  }
  for _, index in ipairs({tag .. 'past', tag .. 'orders'}) do
    commands[#commands + 1] = {'zadd', index, '0', past}
    commands[#commands + 1] = {'zremrangebyscore', index, '-inf', '0'}
    commands[#commands + 1] = {'pexpire', index, '1'}
  end
  return commands
end

-- Puts a cart to the past. What is damaged there must not fail a sale of today,
-- so nothing here can.
--
-- e: cart, id of the change that ended it, how, at (microseconds), by, name, v,
-- lines as of remains(), more
local function bury(e)
  local key = tag .. 'past:' .. e.cart .. ':' .. e.id
  local index = tag .. (e.how == 'checked out' and 'orders' or 'past')
  try('HSET', key, 'cart', e.cart, 'name', e.name, 'how', e.how, 'at', digits(e.at), 'by', e.by,
    'v', digits(e.v), 'more', digits(e.more))
  paged('HSET', key, e.lines)
  try('PEXPIRE', key, digits(month))
  try('ZADD', index, digits(e.at), e.cart .. ':' .. e.id)
  try('ZREMRANGEBYSCORE', index, '-inf', digits(e.at - month * 1000))
  try('PEXPIRE', index, digits(month))
end

-- Takes out of a cart's meta what belongs to the lines it had, its name too. The
-- number of changes, the deadline, the ending before and the last events stay.
local function wipe(cart, meta)
  local old = {}
  for field in pairs(meta) do
    local stays = field == 'v' or field == 'o' or field == 'd' or field == 'x' or match(field, '^e:%d+$')
    if not stays then old[#old + 1] = field end
  end
  paged('HDEL', tag .. 'cartmeta:' .. cart, old)
  call('UNLINK', tag .. 'cart:' .. cart)
  try('ZREM', tag .. 'carts', cart)
end

-- Ends a cart whose deadline is over. Meta is all its fields, the last operation
-- at most 64 bytes long.
local function expire(cart, meta, limit)
  local lines, more = remains(meta, limit)
  wipe(cart, meta)
  if #lines == 0 or not meta.o or meta.o == '' then return end
  call('HSET', tag .. 'cartmeta:' .. cart, 'x', meta.o)
  bury({cart = cart, id = meta.o, how = 'expired', at = int(meta.d, 1, most) * 1000, by = '',
    name = cut(meta.n, 64), v = int(meta.v, 0, most) or 0, lines = lines, more = more})
end

-- Writes that a change was made: its number, its id, the deadline, the event in
-- the place of the one 128 changes before, and whatever else the meta holds from
-- now on, field and value in turn. KEYS 2 is the meta.
local function record(v, op, deadline, event, ...)
  call('HSET', KEYS[2], 'v', digits(v), 'o', op, 'd', digits(deadline),
    'e:' .. v % 128, #event <= 1024 and event or '', ...)
end

-- Renews KEYS 1 and 2, a cart and its meta. The meta outlives the cart, which can
-- be brought back from it that many ms longer.
local function renew(timeout, history)
  if timeout == 0 then
    call('PERSIST', KEYS[1])
    call('PERSIST', KEYS[2])
  else
    call('PEXPIRE', KEYS[1], digits(timeout))
    call('PEXPIRE', KEYS[2], digits(timeout + history))
  end
end

-- the score of a deadline in the list of carts
local function rank(deadline) return digits(deadline == 0 and most or deadline) end
