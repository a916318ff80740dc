-- What Debian has for Lua 5.4: LuaSocket and lua-cjson, page after page on one connection.
local cjson = require "cjson"
local socket = require "socket"

local host, port, folder = os.getenv("THREATLOCKER_BASE_URL"):match "^http://([%d.]+):(%d+)(/.*)$"
local connection = assert(socket.connect(host, port))
connection:setoption("tcp-nodelay", true)

local function read_reply()
  local status, headers, line = connection:receive "*l", {}, connection:receive "*l"
  while line ~= "" do
    local name, value = line:match "^(.-):%s*(.*)$"
    headers[name:lower()], line = value, connection:receive "*l"
  end
  assert(status:find(" 200 ", 1, true), status)
  return assert(connection:receive(tonumber(headers["content-length"]))), headers
end

local number, pages = 1, 1
while number <= pages do
  local body = cjson.encode { statusId = 1, pageNumber = number, pageSize = 100, orderBy = "datetime",
                              isAscending = true, showChildOrganizations = true }
  assert(connection:send(table.concat({
    ("POST %s/ApprovalRequest/ApprovalRequestGetByParameters HTTP/1.1"):format(folder), "Host: " .. host,
    "Authorization: " .. os.getenv "THREATLOCKER_API_KEY", "Content-Type: application/json",
    "Content-Length: " .. #body, "", body }, "\r\n")))
  local text, headers = read_reply()
  for _, row in ipairs(cjson.decode(text)) do
    io.write(row.approvalRequestId, "\t", row.hostname, "\t", row.path, "\n")
  end
  number, pages = number + 1, cjson.decode(headers.pagination).totalPages
end
