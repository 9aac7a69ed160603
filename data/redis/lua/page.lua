-- Reads a page of the catalogue, or one product.
--
-- KEYS 1 index
-- ARGV 1 product key without the id
--      2 rank of the first product  3 of the last
--      4 id of the one product to read, whether or not the index has it; '' for
--        the page
--
-- Reply: how many ids the page has, then 6 for each product that is there:
--   id, what is wrong with its key or '', name, price, barcode, stock ('' for
--   what is missing)
--
-- What is stored may be of any size: long values are cut here, so that one
-- damaged product cannot fill the connection. A product with an id of more than
-- 256 bytes cannot be put in a cart and is left out.
local prefix, sub = ARGV[1], string.sub

local function cut(s, n)
  if not s then return '' end
  return #s <= n and s or sub(s, 1, n)
end

local ids = ARGV[4] ~= '' and {ARGV[4]} or redis.call('ZRANGE', KEYS[1], ARGV[2], ARGV[3])
local out, o = {#ids}, 1
for _, id in ipairs(ids) do
  local p = #id <= 256 and redis.pcall('HMGET', prefix .. id, 'name', 'price', 'barcode', 'stock') or {}
  local wrong = p.err and 'its key is no hash' or ''
  -- A product that may not be read is an error of the whole page.
  if p.err and not string.find(p.err, '^WRONGTYPE') then return p end
  if p[1] or p.err then
    out[o + 1], out[o + 2] = id, wrong
    out[o + 3], out[o + 4] = cut(p[1], 600), cut(p[2], 32)
    out[o + 5], out[o + 6] = cut(p[3], 80), cut(p[4], 32)
    o = o + 6
  end
end
return out
