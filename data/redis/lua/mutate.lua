-- Adds, steps, sets or removes one line of a cart, whole or not at all.
--
-- KEYS 1 cart  2 meta  3 operation record  4 product
-- ARGV 1 tag of the shop        2 cart id
--      3 kind: add, step, set, remove
--      4 product id
--      5 quantity of the change
--      6 set: the quantity the person saw, 0 for a damaged one
--      7 most of one line       8 most lines
--      9 timeout of the cart, ms; 0: never
--     10 life of the operation record, ms
--     11 operation id          12 counter, one word
--     13 fingerprint of the change
--     14 life of the cart's history after its timeout, ms
--     15 1: the line may exceed the stock
--
-- Reply, first word and what follows:
--   OK        version, previous operation, quantity, was, added, changed (times in microseconds)
--   DUP       version, quantity, was           done before, first result
--   OPREUSE   quantity, was                    the id belongs to another change, with this result
--   RANGE     quantity now                     below 0 or above the limit
--   NOPRODUCT
--   STOCK     quantity now, stock, product
--   FULL
--   ABSENT    time, counter                    the line is not there; who took it out
--   CONFLICT  quantity now, time, counter      the line is not what was seen
--   DAMAGED   what
--
-- Redis does not take back what a failing script wrote: everything is read and
-- checked before the first write, and a refusal writes nothing.
local cart, kind, pid, op, by = ARGV[2], ARGV[3], ARGV[4], ARGV[11], ARGV[12]
local index = tag .. 'carts'

local done = call('GET', KEYS[3])
if done then
  local v, q, was, same = match(done, '^(%d+) (%d+) (%d+) (.*)$')
  if same ~= ARGV[13] then return {'OPREUSE', q or '0', was or '0'} end
  return {'DUP', v, q, was}
end

local maxq = tonumber(ARGV[7])
local n = tonumber(ARGV[5])
if not n or n % 1 ~= 0 or n < -maxq or n > maxq then return {'RANGE', 0} end

local now, ms = clock()
local m = call('HMGET', KEYS[2], 'v', 'o', 'd', 'l:' .. pid, 'l:')
local v, last = int(m[1] or '0', 0, most), m[2] or ''
if not v then return {'DAMAGED', 'the version of the cart'} end
if #last > 64 then return {'DAMAGED', 'the last operation of the cart'} end

local raw = call('ZSCORE', KEYS[1], pid)
local gone = over(cart, m[3], ms)
if gone then last, m[4], m[5] = '', false, false end
local cur = raw and int(raw, 1, most)
if not raw and kind ~= 'add' then
  local added, at, who = touched(m[4] or m[5])
  if added ~= 0 then at, who = 0, '' end -- taken out past these scripts
  return {'ABSENT', at, who}
end
local added, changed, who = touched(m[4])
if raw and not cur and (kind == 'add' or kind == 'step' or (kind == 'set' and ARGV[6] ~= '0')) then
  return {'DAMAGED', 'quantity ' .. sub(raw, 1, 32)}
end
local was = cur or 0
if kind == 'set' and was ~= tonumber(ARGV[6]) then return {'CONFLICT', was, changed, who} end

local new, first = n, false
if kind == 'add' or kind == 'step' then new = was + n end
if new < 0 or (new > maxq and new > was) then return {'RANGE', was} end
if new > was then
  local p = call('HMGET', KEYS[4], 'name', 'stock')
  if not p[1] then return {'NOPRODUCT'} end
  if p[2] and p[2] ~= '' then
    local stock = int(p[2], 0, most)
    if not stock then return {'DAMAGED', 'the stock of the product'} end
    if new > stock and ARGV[15] ~= '1' then return {'STOCK', was, stock, pid} end
  end
  if not raw then
    local lines = gone and 0 or call('ZCARD', KEYS[1])
    if lines >= tonumber(ARGV[8]) then return {'FULL'} end
    first = lines == 0
  end
end

local timeout = tonumber(ARGV[9])
local deadline = timeout == 0 and 0 or ms + timeout
local known = int(m[3], 0, most)
local list = first or not known or math.abs(deadline - known) > 10000

-- A right that went missing must show before the first write as well. Servers
-- before version 7 cannot be asked.
local ask = redis.acl_check_cmd or function() return true end
local missing = new == 0 and not ask('zrem', KEYS[1], pid) and 'zrem'
  or new ~= 0 and not ask('zadd', KEYS[1], '1', pid) and 'zadd'
  or not ask('hset', KEYS[2], 'v', '1') and 'hset'
  or timeout ~= 0 and not ask('pexpire', KEYS[2], '1') and 'pexpire'
  or timeout == 0 and not ask('persist', KEYS[2]) and 'persist'
  or list and not ask('zadd', index, '1', cart) and 'zadd'
  or not ask('set', KEYS[3], '', 'PX', '1') and 'set'
if missing then return {err = "NOPERM this user has no permissions to run the '" .. missing .. "' command"} end
local old = gone and fields(call('HGETALL', KEYS[2]))
local refused = gone and lacks(burial(cart))
if refused then return refused end

-- From here on everything is written.
if gone then expire(cart, old, tonumber(ARGV[8])) end
if new == 0 then added = 0 elseif not raw then added = now end
v = v + 1
local result, times = format('%d %d %d', v, new, was), format('%d %d', added, now)
local event = '1 ' .. result .. ' ' .. times .. ' ' .. kind .. ' ' .. op .. ' ' .. (last == '' and '-' or last) .. ' ' .. by .. ' ' .. pid
local line = times .. ' ' .. by .. format(' %d', new)
if new == 0 then call('ZREM', KEYS[1], pid) else call('ZADD', KEYS[1], new, pid) end
if first then
  record(v, op, deadline, event, 'l:' .. pid, line, 'b', digits(now), 'x', '')
else
  record(v, op, deadline, event, 'l:' .. pid, line)
end
renew(timeout, tonumber(ARGV[14]))
call('SET', KEYS[3], result .. ' ' .. ARGV[13], 'PX', ARGV[10])
-- What only serves lists and listeners must not fail what is written.
if list then try('ZADD', index, rank(deadline), cart) end
try('PUBLISH', tag .. 'ev:' .. cart, event)
return {'OK', v, last, new, was, added, now}
