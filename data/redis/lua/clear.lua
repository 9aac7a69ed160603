-- Empties a cart if it still is the one the person saw. It also repairs a cart
-- whose keys are damaged or of another type.
--
-- KEYS 1 cart  2 meta  3 operation record
-- ARGV 1 token the person saw, "version operation"; '' for a cart without changes
--      2 timeout of the cart, ms; 0: never
--      3 life of the operation record, ms
--      4 channel  5 operation id  6 counter, one word  7 fingerprint of the change
--
-- Reply, first word and what follows:
--   OK       version, previous operation, 0, lines there were, 0, changed
--   DUP      version, 0, lines there were        done before, first result
--   OPREUSE                                      the id belongs to another change
--   CHANGED                                      the cart is another one
local call, most = redis.call, 9007199254740000

local done = call('GET', KEYS[3])
if done then
  local v, q, was, same = string.match(done, '^(%d+) (%d+) (%d+) (.*)$')
  if same ~= ARGV[7] then return {'OPREUSE'} end
  return {'DUP', v, q, was}
end

local m = redis.pcall('HMGET', KEYS[2], 'v', 'o')
if m.err then
  if not string.find(m.err, '^WRONGTYPE') then return m end
  m = {}
end
local v, last = tonumber(string.match(m[1] or '0', '^%d+$')), m[2] or ''
if not v or v < 1 or v > most or #last > 64 then v, last = 0, '' end
local token = v == 0 and '' or string.format('%d %s', v, last)
if token ~= ARGV[1] then return {'CHANGED'} end
local was = redis.pcall('ZCARD', KEYS[1])
if type(was) ~= 'number' then
  if not string.find(was.err, '^WRONGTYPE') then return was end
  was = 0
end

-- A right that went missing must show before the first write as well. Servers
-- before version 7 cannot be asked.
local ask = redis.acl_check_cmd or function() return true end
local lacks = not ask('unlink', KEYS[1], KEYS[2]) and 'unlink'
  or not ask('hset', KEYS[2], 'v', '1') and 'hset'
  or ARGV[2] ~= '0' and not ask('pexpire', KEYS[2], '1') and 'pexpire'
  or not ask('set', KEYS[3], '', 'PX', '1') and 'set'
if lacks then return {err = "NOPERM this user has no permissions to run the '" .. lacks .. "' command"} end

-- From here on everything is written.
local t = call('TIME')
local now = t[1] * 1000000 + t[2]
v = v + 1
local vs, at = string.format('%d', v), string.format('%d', now)
call('UNLINK', KEYS[1], KEYS[2])
call('HSET', KEYS[2], 'v', vs, 'o', ARGV[5], 'l:', '0 ' .. at .. ' ' .. ARGV[6])
if ARGV[2] ~= '0' then call('PEXPIRE', KEYS[2], ARGV[2]) end
call('SET', KEYS[3], vs .. ' 0 ' .. was .. ' ' .. ARGV[7], 'PX', ARGV[3])
-- A PUBLISH that is refused must not fail what is written.
redis.pcall('PUBLISH', ARGV[4], table.concat({'1', vs, '0', was, '0', at, 'clear', ARGV[5], last == '' and '-' or last, ARGV[6], ''}, ' '))
return {'OK', v, last, 0, was, 0, now}
