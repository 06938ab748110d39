-- Random permits: FILE holds one number of 18 digits a line; PREFIX and SUFFIX make the path.
dofile("report.lua")

local numbers, count, prefix, suffix

function init(args)
  local file = assert(io.open(args[1], "rb"))
  numbers = file:read("*a")
  file:close()
  count = math.floor(#numbers / 19)
  prefix, suffix = args[2] or "", args[3] or ""
  math.randomseed(tonumber(args[4] or "1"))
end

function request()
  local at = math.random(0, count - 1) * 19
  return wrk.format("GET", prefix .. string.sub(numbers, at + 1, at + 18) .. suffix)
end
