#!/usr/bin/env lua
-- Keeps items and prints them.
local json = require("json")
local map, filter = require "lib.fn".map, nil
require("lib.strict")

local LIMIT <const> = 10
counter = 0

local Store = {}
Store.__index = Store
Store.version = "1.0"

---@class Item
local Item = {
  name = "none",
  price = 0,
  ["odd key"] = true,
  describe = function(self, prefix)
    return prefix .. self.name
  end,
}

function Store.new(name, ...)
  local self = setmetatable({}, Store)
  self.name = name
  self.items = { ... }
  return self
end

function Store:add(item, count)
  for index = 1, count or 1, 1 do
    table.insert(self.items, item)
  end
  for key, value in pairs(item) do
    local line = string.format("%s=%s", key, value)
    print(line)
  end
  while counter < LIMIT do
    counter = counter + 1
    if counter == 3 then
      goto continue
    elseif counter == 5 then
      break
    else
      local deep = counter
      print(deep)
    end
    ::continue::
  end
  repeat
    local done = true
  until done
  do
    local inner = [[
      long text
    ]]
  end
  return #self.items, not nil
end

local function total(items)
  local sum = 0
  for _, item in ipairs(items) do sum = sum + item.price end
  return sum
end

local scale = function(x, y) return x * y end
Store.helpers.twice = function(x) return scale(x, 2) end

local shop = Store.new("a")
shop:add(Item, 2):describe("x")
print(total(shop.items), json.encode(shop))
return Store
