-- Reads the last changes of a cart.
--
-- KEYS 1 meta
-- ARGV 1 tag of the shop
--
-- Reply: the time (microseconds), version of the cart, then the events as they
-- were announced, in no order; some may be missing, or of another time
local now = clock()
local names = {'v'}
for i = 0, 127 do names[#names + 1] = 'e:' .. i end
local m = call('HMGET', KEYS[1], unpack(names))
local out = {now, int(m[1], 0, most) or 0}
for i = 2, #names do
  if m[i] and #m[i] <= 1024 then out[#out + 1] = m[i] end
end
return out
