-- Valid code of Lua 5.1 to 5.4 that must give no finding.
local a <const>, b <close> = 1, nil
goto done
local n = 0xA.8p0 + 3e-2 // 1 ~ 5 & 6 | 7 << 2 >> 1 .. "x" ^ 2 % 3
local s = [==[ long ]] ]==] .. 'single\z
   rest' .. "\u{48}\x41\065"
f{ 1, 2; x = 3, ["y"] = 4, [5] = function(...) return select("#", ...) end }
f"text":method[[x]].field[1](a)(b)
local function v(...) local x, y = ... return x, y, ... end
for i = 10, 1, -1 do if i == 2 then break end end
for k, v in next, {} do ; end
repeat local z = not a and b or #c until z ~= a
while true do break end
do ::inner:: end
--[==[ block
comment ]==]
function m.a.b:c(x) self.x = x; return end
a.b["c"].d, e = 1, 2
local t <const> = setmetatable({}, { __index = function(t, k) return rawget(t, k) end })
::done::
return a, b;
