-- Adds, steps, sets or removes one line of a cart, whole or not at all.
--
-- KEYS 1 cart  2 meta  3 operation record  4 product
-- ARGV 1 kind: add, step, set, remove
--      2 product id
--      3 quantity of the change
--      4 set: the quantity the person saw, 0 for a damaged one
--      5 most of one line       6 most lines
--      7 timeout of the cart, ms; 0: never
--      8 life of the operation record, ms
--      9 channel               10 operation id
--     11 counter, one word     12 fingerprint of the change
--
-- Reply, first word and what follows:
--   OK        version, previous operation, quantity, was, added, changed (times in microseconds)
--   DUP       version, quantity, was           done before, first result
--   OPREUSE                                    the id belongs to another change
--   RANGE     quantity now                     below 0 or above the limit
--   NOPRODUCT
--   STOCK     quantity now, stock
--   FULL
--   ABSENT    time, counter                    the line is not there; who took it out
--   CONFLICT  quantity now, time, counter      the line is not what was seen
--   DAMAGED   what
--
-- Redis does not take back what a failing script wrote: everything is read and
-- checked before the first write, and a refusal writes nothing.
local call, most = redis.call, 9007199254740000
local format, match = string.format, string.match
local kind, pid, op, by = ARGV[1], ARGV[2], ARGV[10], ARGV[11]

-- a whole number of digits only; Lua would read "1e3" and "0x10" as well
local function int(s, low, high)
  local n = match(s, '^%d+$') and tonumber(s)
  if n and n >= low and n <= high then return n end
end

-- added, changed and counter of a line's record
local function touched(s)
  if not s or #s > 300 then return 0, 0, '' end
  local added, changed, who = match(s, '^(%d+) (%d+) (%S*)$')
  return int(added, 0, most) or 0, int(changed, 0, most) or 0, who or ''
end

local done = call('GET', KEYS[3])
if done then
  local v, q, was, same = string.match(done, '^(%d+) (%d+) (%d+) (.*)$')
  if same ~= ARGV[12] then return {'OPREUSE'} end
  return {'DUP', v, q, was}
end

local maxq = tonumber(ARGV[5])
local n = tonumber(ARGV[3])
if not n or n % 1 ~= 0 or n < -maxq or n > maxq then return {'RANGE', 0} end

local m = call('HMGET', KEYS[2], 'v', 'o', 'l:' .. pid, 'l:')
local v, last = int(m[1] or '0', 0, most), m[2] or ''
if not v then return {'DAMAGED', 'the version of the cart'} end
if #last > 64 then return {'DAMAGED', 'the last operation of the cart'} end

local raw = call('ZSCORE', KEYS[1], pid)
local cur = raw and int(raw, 1, most)
if not raw and kind ~= 'add' then
  local added, at, who = touched(m[3] or m[4])
  if added ~= 0 then at, who = 0, '' end -- taken out past these scripts
  return {'ABSENT', at, who}
end
local added, changed, who = touched(m[3])
if raw and not cur and (kind == 'add' or kind == 'step' or (kind == 'set' and ARGV[4] ~= '0')) then
  return {'DAMAGED', 'quantity ' .. string.sub(raw, 1, 32)}
end
local was = cur or 0
if kind == 'set' and was ~= tonumber(ARGV[4]) then return {'CONFLICT', was, changed, who} end

local new = n
if kind == 'add' or kind == 'step' then new = was + n end
if new < 0 or (new > maxq and new > was) then return {'RANGE', was} end
if new > was then
  local p = call('HMGET', KEYS[4], 'name', 'stock')
  if not p[1] then return {'NOPRODUCT'} end
  if p[2] and p[2] ~= '' then
    local stock = int(p[2], 0, most)
    if not stock then return {'DAMAGED', 'the stock of the product'} end
    if new > stock then return {'STOCK', was, stock} end
  end
  if not raw and call('ZCARD', KEYS[1]) >= tonumber(ARGV[6]) then return {'FULL'} end
end

-- A right that went missing must show before the first write as well. Servers
-- before version 7 cannot be asked.
local ask = redis.acl_check_cmd or function() return true end
local lacks = new == 0 and not ask('zrem', KEYS[1], pid) and 'zrem'
  or new ~= 0 and not ask('zadd', KEYS[1], '1', pid) and 'zadd'
  or not ask('hset', KEYS[2], 'v', '1') and 'hset'
  or ARGV[7] ~= '0' and not ask('pexpire', KEYS[2], '1') and 'pexpire'
  or ARGV[7] == '0' and not ask('persist', KEYS[2]) and 'persist'
  or not ask('set', KEYS[3], '', 'PX', '1') and 'set'
if lacks then return {err = "NOPERM this user has no permissions to run the '" .. lacks .. "' command"} end

-- From here on everything is written.
local t = call('TIME')
local now = t[1] * 1000000 + t[2]
if new == 0 then added = 0 elseif not raw then added = now end
v = v + 1
local result, times = format('%d %d %d', v, new, was), format('%d %d', added, now)
local vs = match(result, '^%d+')
if new == 0 then call('ZREM', KEYS[1], pid) else call('ZADD', KEYS[1], new, pid) end
call('HSET', KEYS[2], 'v', vs, 'o', op, 'l:' .. pid, times .. ' ' .. by)
if ARGV[7] == '0' then
  call('PERSIST', KEYS[1])
  call('PERSIST', KEYS[2])
else
  call('PEXPIRE', KEYS[1], ARGV[7])
  call('PEXPIRE', KEYS[2], ARGV[7])
end
call('SET', KEYS[3], result .. ' ' .. ARGV[12], 'PX', ARGV[8])
-- A PUBLISH that is refused must not fail what is written.
redis.pcall('PUBLISH', ARGV[9], '1 ' .. result .. ' ' .. times .. ' ' .. kind .. ' ' .. op .. ' ' .. (last == '' and '-' or last) .. ' ' .. by .. ' ' .. pid)
return {'OK', v, last, new, was, added, now}
