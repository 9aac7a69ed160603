-- Changes a cart as a whole: clears it or checks it out if it still is the one
-- the person saw, or names it. Clearing also repairs a cart whose keys are
-- damaged or of another type.
--
-- KEYS 1 cart  2 meta  3 operation record
-- ARGV 1 tag of the shop  2 cart id
--      3 kind: clear, checkout, name
--      4 token the person saw, "version operation"; '' for a cart without changes
--      5 the new name; '' takes it away
--      6 most lines
--      7 timeout of the cart, ms; 0: never
--      8 life of the operation record, ms
--      9 operation id  10 counter, one word  11 fingerprint of the change
--     12 life of the cart's history after its timeout, ms
--     13 1: a checkout may sell more than the stock, which goes down to 0
--
-- Reply, first word and what follows:
--   OK       version, previous operation, 0, lines that went, 0, changed
--   DUP      version, 0, lines that went        done before, first result
--   OPREUSE  0, lines that went                 the id belongs to another change, with this result
--   CHANGED                                     the cart is another one, or has nothing to check out
--   STOCK    quantity, stock, product           checkout: there is not enough; of several the one with the fewest, then the first by id
--   DAMAGED  what
local cart, kind, op, by = ARGV[2], ARGV[3], ARGV[9], ARGV[10]
local limit, timeout = tonumber(ARGV[6]), tonumber(ARGV[7])
local index = tag .. 'carts'

local done = call('GET', KEYS[3])
if done then
  local v, q, was, same = match(done, '^(%d+) (%d+) (%d+) (.*)$')
  if same ~= ARGV[11] then return {'OPREUSE', q or '0', was or '0'} end
  return {'DUP', v, q, was}
end

local now, ms = clock()
local flat = try('HGETALL', KEYS[2])
if flat.err and not (kind == 'clear' and wrongtype(flat)) then return flat end
local meta = flat.err and {} or fields(flat)
local v, last = int(meta.v or '0', 0, most), meta.o or ''
local damaged = flat.err or not v or #last > 64
if damaged and kind ~= 'clear' then return {'DAMAGED', 'the last change of the cart'} end
if damaged then v, last, meta = 0, '', {} end
local gone = over(cart, meta.d, ms)
if gone then last = '' end
local token = (v == 0 or last == '') and '' or digits(v) .. ' ' .. last
if kind ~= 'name' and token ~= ARGV[4] then return {'CHANGED'} end

local lines = try('ZRANGE', KEYS[1], 0, limit - 1, 'WITHSCORES')
if lines.err and not (kind == 'clear' and wrongtype(lines)) then return lines end
local count = lines.err and 0 or call('ZCARD', KEYS[1])
if lines.err then lines, count = {}, 0 end

-- What a checkout takes from the stock, product and quantity in turn; or the
-- reply that refuses it.
local function goods()
  local taken, short = {}, nil
  if count == 0 then return nil, {'CHANGED'} end
  if count > limit then return nil, {'DAMAGED', 'the number of lines'} end
  for i = 1, #lines, 2 do
    local id, quantity = lines[i], int(lines[i + 1], 1, most)
    local p = #id <= 256 and try('HMGET', tag .. 'product:' .. id, 'name', 'price', 'stock') or {}
    if p.err and not wrongtype(p) then return nil, p end
    if not quantity then return nil, {'DAMAGED', 'the quantity of ' .. sub(id, 1, 64)} end
    if (p[1] or '') == '' then return nil, {'DAMAGED', 'the product ' .. sub(id, 1, 64)} end
    if not int(p[2], 0, 1000000000000) then return nil, {'DAMAGED', 'the price of ' .. sub(id, 1, 64)} end
    if p[3] and p[3] ~= '' then
      -- HINCRBY reads no number that begins with 0
      local stock = (p[3] == '0' or match(p[3], '^[1-9]')) and int(p[3], 0, most)
      if not stock then return nil, {'DAMAGED', 'the stock of ' .. sub(id, 1, 64)} end
      if stock < quantity and ARGV[13] ~= '1' then short = short or {'STOCK', quantity, stock, id} end
      if stock > 0 then taken[#taken + 1], taken[#taken + 2] = id, digits(-math.min(quantity, stock)) end
    end
  end
  return taken, short
end

local taken = {}
if kind == 'checkout' then
  local refusal
  taken, refusal = goods()
  if refusal then return refusal end
end

-- A right that is missing must show before the first write.
local rights = burial(cart)
local function needs(...) rights[#rights + 1] = {...} end
needs('hset', KEYS[2], 'v', '1')
needs('set', KEYS[3], '', 'PX', '1')
needs('zadd', index, '1', cart)
needs(timeout == 0 and 'persist' or 'pexpire', KEYS[2], timeout ~= 0 and '1' or nil)
for i = 1, #taken, 2 do needs('hincrby', tag .. 'product:' .. taken[i], 'stock', taken[i + 1]) end
local refused = lacks(rights)
if refused then return refused end

-- the lines that go, as they are kept
local past = {}
if kind ~= 'name' then
  for i = 1, #lines, 2 do
    if #lines[i] <= 256 then
      past[#past + 1] = 'l:' .. lines[i]
      past[#past + 1] = kept(lines[i], lines[i + 1], meta['l:' .. lines[i]])
    end
  end
end

-- From here on everything is written.
if damaged then call('UNLINK', KEYS[2]) end
for i = 1, #taken, 2 do call('HINCRBY', tag .. 'product:' .. taken[i], 'stock', taken[i + 1]) end
if gone then
  expire(cart, meta, limit)
elseif kind ~= 'name' then
  wipe(cart, meta)
end
v = v + 1
local deadline = timeout == 0 and 0 or ms + timeout
local was = kind == 'name' and 0 or count
local event = table.concat({'1', digits(v), '0', digits(was), '0', digits(now), kind, op,
  last == '' and '-' or last, by, kind == 'name' and ARGV[5] or ''}, ' ')
if kind == 'name' then
  record(v, op, deadline, event, 'n', ARGV[5])
elseif #past > 0 then
  record(v, op, deadline, event, 'l:', '0 ' .. digits(now) .. ' ' .. by, 'x', op)
else
  record(v, op, deadline, event, 'l:', '0 ' .. digits(now) .. ' ' .. by)
end
renew(timeout, tonumber(ARGV[12]))
-- What has no timeout would stay for ever, though nothing is left of it.
if timeout == 0 and kind ~= 'name' then try('PEXPIRE', KEYS[2], ARGV[12]) end
call('SET', KEYS[3], digits(v) .. ' 0 ' .. digits(was) .. ' ' .. ARGV[11], 'PX', ARGV[8])

-- What only serves lists and listeners must not fail what is written.
if kind == 'name' and (count > 0 or ARGV[5] ~= '') then try('ZADD', index, rank(deadline), cart) end
if #past > 0 then
  bury({cart = cart, id = op, how = kind == 'clear' and 'emptied' or 'checked out', at = now, by = by,
    name = cut(meta.n, 64), v = v, lines = past, more = count - #past / 2})
end
try('PUBLISH', tag .. 'ev:' .. cart, event)
for i = 1, #taken > 100 and 1 or #taken, 2 do try('PUBLISH', tag .. 'evp', taken[i]) end
return {'OK', v, last, 0, was, 0, now}
