-- Every permit once, one after the other: FILE holds one number of 18 digits a line, FIRST is the line to begin with.
dofile("report.lua")

local file, prefix

function init(args)
  file = assert(io.open(args[1], "rb"))
  file:seek("set", tonumber(args[3]) * 19)
  prefix = args[2]
end

function request()
  local line = file:read(19)
  if not line then
    file:seek("set", 0)
    line = file:read(19)
  end
  return wrk.format("GET", prefix .. string.sub(line, 1, 18))
end
