local function total(items
  local sum = 0
  for _, item in ipairs(items) do
    sum = sum + item
  end
  return sum
end

local list = { 1, 2, 3
print(total(list))
