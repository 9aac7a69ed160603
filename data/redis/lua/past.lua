-- Reads a page of the carts that ended, newest first.
--
-- KEYS 1 index: the orders, or all others
-- ARGV 1 tag of the shop
--      2 time before which they ended, microseconds; '' for now
--      3 most of a page  4 most lines of one
--
-- Reply: a list as of ending.lua for each
local now = clock()
local before = ARGV[2] == '' and '+inf' or '(' .. ARGV[2]
-- Some of the index may have nothing behind it.
local members = call('ZREVRANGEBYSCORE', KEYS[1], before, digits(now - month * 1000), 'LIMIT', 0, 4 * ARGV[3])
local out = {}
for _, member in ipairs(members) do
  local cart, id = match(member, '^([%w._-]+):(.+)$')
  local e = cart and #cart <= 128 and ending(cart, id, tonumber(ARGV[4])) or {}
  if #e > 0 and #out < tonumber(ARGV[3]) then out[#out + 1] = e end
end
return out
