-- Puts a new product in the catalogue.
--
-- KEYS 1 product  2 index
-- ARGV 1 product id  2 channel of the catalogue
--      3 name  4 price in minor units  5 barcode or ''  6 stock or ''
--
-- Reply:
--   OK
--   SAME    it was there already and is the same
--   EXISTS  the id belongs to another product
local call, fields = redis.call, {'name', 'price', 'barcode', 'stock'}
call('ZSCORE', KEYS[2], ARGV[1]) -- refuses an index of another type before anything is written

-- A right that is missing must show before the first write as well. Servers
-- before version 7 cannot be asked.
local ask = redis.acl_check_cmd or function() return true end
local lacks = not ask('hset', KEYS[1], 'name', '') and 'hset'
  or not ask('zadd', KEYS[2], 'NX', '0', ARGV[1]) and 'zadd'
if lacks then return {err = "NOPERM this user has no permissions to run the '" .. lacks .. "' command"} end

local answer = 'OK'
if call('EXISTS', KEYS[1]) == 1 then
  for i, have in ipairs(call('HMGET', KEYS[1], unpack(fields))) do
    if (have or '') ~= ARGV[i + 2] then return {'EXISTS'} end
  end
  answer = 'SAME'
else
  local set = {}
  for i, field in ipairs(fields) do
    if ARGV[i + 2] ~= '' then
      set[#set + 1] = field
      set[#set + 1] = ARGV[i + 2]
    end
  end
  call('HSET', KEYS[1], unpack(set))
end
call('ZADD', KEYS[2], 'NX', 0, ARGV[1])
-- A PUBLISH that is refused must not fail what is written.
redis.pcall('PUBLISH', ARGV[2], ARGV[1])
return {answer}
