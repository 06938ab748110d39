-- One after the other of the paths in FILE, one a line, with the session's COOKIE.
dofile("report.lua")

local requests, at = {}, 0

function init(args)
  wrk.headers["Cookie"] = args[2]
  for path in io.lines(args[1]) do requests[#requests + 1] = wrk.format("GET", path) end
end

function request()
  at = at % #requests + 1
  return requests[at]
end
