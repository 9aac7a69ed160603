-- Renews the timeout of a cart: no change, no version, no event. A cart whose
-- time is over stays as it is.
--
-- KEYS 1 cart  2 meta
-- ARGV 1 tag of the shop  2 cart id
--      3 timeout of the cart, ms; 0: never  4 life of its history after that, ms
--
-- Reply: OK
local cart, timeout, index = ARGV[2], tonumber(ARGV[3]), tag .. 'carts'
local _, ms = clock()
local m = try('HMGET', KEYS[2], 'v', 'd')
if m.err and not wrongtype(m) then return m end
if over(cart, m[2], ms) then return {'OK'} end

-- All or nothing: a right that is missing must show before the first write.
local rights = {{'hset', KEYS[2], 'd', '0'}, {'zadd', index, 'XX', '0', cart}}
for _, key in ipairs(KEYS) do
  rights[#rights + 1] = timeout == 0 and {'persist', key} or {'pexpire', key, '1'}
end
local refused = lacks(rights)
if refused then return refused end

local deadline = timeout == 0 and 0 or ms + timeout
if m[1] then call('HSET', KEYS[2], 'd', digits(deadline)) end
renew(timeout, tonumber(ARGV[4]))
try('ZADD', index, 'XX', rank(deadline), cart)
return {'OK'}
