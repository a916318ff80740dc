-- What the analyst of the demo answers, what the server must hold afterwards, and the last line that says so.
local expected = {}

-- By the last digits of the request's id; see tests/sandbox/README.md for what each is.
expected.answers = {
  ["1001"] = "Permit", -- a built-in application, for the organization
  ["1003"] = "Permit", -- a new application, for the computer
  ["1004"] = "Permit", -- an elevation with an application of the organization's own, for the group
  ["1017"] = "Permit", -- an application of the organization's own, for the group
  ["1002"] = "Reject",
  ["1005"] = "Reject",
  ["1016"] = "Ignore",
  ["1008"] = "expire", -- nobody answers
  ["1011"] = "maybe later", -- an answer that is none
  ["1014"] = "change", -- the request changes after its prompt was made; then Permit
  ["1018"] = "forge", -- the seal was tampered with; then Permit
}

-- The storage requests 1006 and 1007 and 1015, which has no `json`, cannot be asked about.
local must_be <const> = {
  permit = { "1001", "1003", "1004", "1017" },
  reject = { "1002", "1005" },
  ignore = { "1016" },
  open = { "1006", "1007", "1008", "1011", "1014", "1015", "1018" },
}

local function has(list, value)
  for _, each in ipairs(list) do
    if each == value then return true end
  end
  return false
end

-- One line for each thing that is not as it must be.
local function differences(request)
  local tail, found = request.approvalRequestId:sub(-4), {}
  for kind, times in pairs(request.writes) do
    local wanted = must_be[kind] and has(must_be[kind], tail) and 1 or 0
    if times ~= wanted then
      found[#found + 1] = ("request …%s: %s applied %d times, not %d"):format(tail, kind, times, wanted)
    end
  end
  if has(must_be.open, tail) and request.statusId ~= 1 then
    found[#found + 1] = ("request …%s: status %d, not pending"):format(tail, request.statusId)
  end
  return found
end

--- Reads the server's state. Returns the last line of the demo, or nil and what is wrong.
function expected.verify(sandbox)
  local count, wrong = { permit = 0, reject = 0, ignore = 0, open = 0 }, {}
  for _, request in ipairs(sandbox:call("GET", "state").requests) do
    for _, difference in ipairs(differences(request)) do
      wrong[#wrong + 1] = difference
    end
    for kind in pairs(count) do
      if (request.writes[kind] or 0) > 0 then count[kind] = count[kind] + 1 end
    end
    if has(must_be.open, request.approvalRequestId:sub(-4)) and request.statusId == 1 then
      count.open = count.open + 1
    end
  end
  if #wrong > 0 then
    return nil, table.concat(wrong, "\n")
  end
  return ("demo: %d permitted, %d rejected, %d ignored, %d left to a person; every write applied exactly once")
    :format(count.permit, count.reject, count.ignore, count.open)
end

return expected
