local command = require "tests.lua.command"
local helper = require "tests.lua.helper"
local json = require "dkjson"
local shell = require "shell"

local has = command.has

-- What must never be shown, whatever the world is like.
local secrets <const> = { "s3cr3t", "0123456789abcdef-no-token" }

-- What is not well, one line each; checks that were skipped for one reason count together.
local function summarize(results)
  local lines, skipped = {}, {}
  for _, result in ipairs(results) do
    local key = result.service .. ": skipped " .. result.detail
    if result.status == "skipped" and result.check ~= "permissions to write" then
      if not skipped[key] then
        lines[#lines + 1] = key
      end
      skipped[key] = (skipped[key] or 0) + 1
    elseif result.status == "failed" or result.status == "warning" then
      lines[#lines + 1] = ("%s: %s %s"):format(result.service, result.check, result.status)
    end
  end
  for at, line in ipairs(lines) do
    lines[at] = skipped[line] and ("%s (%d)"):format(line, skipped[line]) or line
  end
  return table.concat(lines, "\n")
end

local function diagnose(environment, ...)
  local code, out, err = command.run({ "doctor", "--json", ... }, environment)
  local results = {}
  for line in out:gmatch "[^\n]+" do
    local result = assert(json.decode(line))
    assert.truthy(result.check and result.service and result.status and result.detail)
    local is_bad = result.status == "failed" or result.status == "warning"
    assert.equal(is_bad, result.remedy ~= nil, line)
    results[#results + 1] = result
  end
  for _, secret in ipairs { environment.THREATLOCKER_API_KEY, environment.SOAR_TOKEN, table.unpack(secrets) } do
    assert.falsy((out .. err):find(secret, 1, true), out)
  end
  assert.equal("", err)
  return code, summarize(results), results
end

local function find(results, service, check)
  for _, result in ipairs(results) do
    if result.service == service and result.check == check then
      return result
    end
  end
  error("there is no check " .. check)
end

local function join(...)
  return table.concat({ ... }, "\n")
end

-- With their number of checks that need what went wrong.
local after = {
  settings = "threatlocker: skipped after settings (17)",
  resolution = "threatlocker: skipped after name resolution (16)",
  tcp = "threatlocker: skipped after TCP (15)",
  proxy = "threatlocker: skipped after proxy (14)",
  tls = "threatlocker: skipped after TLS (13)",
  shape = "threatlocker: skipped after token shape (11)",
  instance = "threatlocker: skipped after instance (11)",
  token = "threatlocker: skipped after token accepted (10)",
}

describe("threatlocker doctor", function()
  describe("without TLS", function()
    local sandbox, environment

    before_each(function()
      sandbox = helper.start()
      environment = sandbox:environment()
    end)
    after_each(function() sandbox:stop() end)

    -- { what is broken, how, options; what is not well; a part of a remedy or detail }
    local worlds = {
      { "nothing", function() end, {}, "" },

      { "neither instance nor base URL", function() environment.THREATLOCKER_BASE_URL = nil end, {},
        join("threatlocker: settings failed", after.settings), "THREATLOCKER_INSTANCE" },
      { "both of them", function() environment.THREATLOCKER_INSTANCE = "g" end, {}, "threatlocker: settings warning",
        "unset THREATLOCKER_INSTANCE or THREATLOCKER_BASE_URL" },
      { "an instance that is none", function() end, { "--instance", "g.example" },
        join("threatlocker: settings failed", after.settings), "correct --instance" },
      { "an organization that is none", function() environment.THREATLOCKER_ORG_ID = "ours" end, {},
        join("threatlocker: settings failed", after.settings), "THREATLOCKER_ORG_ID" },
      { "a CA file that is not there", function() end, { "--ca-file", "/nonexistent.pem" },
        join("threatlocker: settings failed", after.settings), "correct --ca-file" },
      { "keys of TLS in a file", function() environment.SSLKEYLOGFILE = "/tmp/keys" end, {},
        join("threatlocker: settings failed", after.settings, "soar: settings failed",
             "soar: skipped after settings (7)", "library: skipped after settings (1)"), "unset SSLKEYLOGFILE" },

      { "a name that nobody knows", function()
          environment.THREATLOCKER_BASE_URL = "https://portalapi.invalid/portalapi"
        end, { "--proxy", "none" }, join("threatlocker: name resolution failed", after.resolution),
        "getent hosts portalapi.invalid" },
      { "a port at which nobody listens", function() environment.THREATLOCKER_BASE_URL = helper.nowhere end, {},
        join("threatlocker: TCP failed", after.tcp), "connect to 127.0.0.1 port 9" },
      { "a proxy that refuses", function()
          environment.THREATLOCKER_BASE_URL = "https://portalapi.invalid/portalapi"
          environment.no_proxy, environment.https_proxy = "", sandbox.soar:gsub("//", "//robot:s3cr3t@")
        end, {}, join("threatlocker: proxy failed", after.proxy), "open connections to portalapi.invalid port 443" },
      { "a proxy whose name nobody knows", function()
          environment.THREATLOCKER_BASE_URL = "https://portalapi.invalid/portalapi"
          environment.no_proxy = ""
        end, { "--proxy", "http://robot:s3cr3t@proxy.invalid:3128" },
        join("threatlocker: name resolution failed", after.resolution), "the proxy's name" },
      { "a server without TLS", function()
          environment.THREATLOCKER_BASE_URL = sandbox.portal:gsub("^http", "https")
        end, {}, join("threatlocker: TLS failed", after.tls), "make sure that a TLS server answers" },

      { "no token", function() environment.THREATLOCKER_API_KEY = nil end, {},
        join("threatlocker: token shape failed", after.shape), "THREATLOCKER_API_KEY_FILE" },
      { "two tokens", function() environment.THREATLOCKER_API_KEY_FILE = "/dev/null" end, {},
        join("threatlocker: token shape failed", after.shape), "one of the two" },
      { "a token file that is not there", function()
          environment.THREATLOCKER_API_KEY, environment.THREATLOCKER_API_KEY_FILE = nil, "/nonexistent"
        end, {}, join("threatlocker: token shape failed", after.shape), "No such file" },
      { "a token with its scheme", function() environment.THREATLOCKER_API_KEY = "Bearer 0123456789abcdef-no-token" end,
        {}, join("threatlocker: token shape failed", after.shape), "make a token in the portal" },
      { "a token of another form", function() environment.THREATLOCKER_API_KEY = "0123456789abcdef-no-token" end, {},
        join("threatlocker: token shape warning", "threatlocker: token accepted failed", after.token), "Auth Key" },

      { "a path where no API is", function()
          environment.THREATLOCKER_BASE_URL = sandbox.portal:gsub("portalapi$", "portal")
        end, {}, join("threatlocker: instance failed", after.instance), "HTTP 404" },
      { "a service in trouble", function()
          sandbox:fault { kind = "status", match = "GetCount", status = 503 }
        end, {}, "threatlocker: instance warning", "run this again later" },
      { "a server that hangs up", function()
          sandbox:fault { kind = "close_without_reply", match = "GetCount" }
        end, {}, join("threatlocker: instance failed", after.instance,
                      "threatlocker: skipped the reply has no date (1)"), "make sure that this is the right place" },
      { "a token that was revoked", function() sandbox:switch { token = "revoked" } end, {},
        join("threatlocker: token accepted failed", after.token), "instance and token belong together" },
      { "an organization out of reach", function()
          sandbox:switch { organization_id_header = "403" }
        end, { "--organization", helper.unrelated }, join("threatlocker: token accepted failed", after.token),
        "names an organization that the API user reaches" },

      { "only the permission to view", function() sandbox:switch { permissions = { "View Approvals" } } end, {},
        join("threatlocker: permission to list applications warning",
             "threatlocker: permission to list mode applications warning",
             "threatlocker: permission to list organizations warning"), "View Organizations or Edit Organizations" },
      { "no permission at all", function() sandbox:switch { permissions = { "Fly" } } end, {},
        join("threatlocker: permission to list requests failed",
             "threatlocker: skipped no pending request to try it with (2)",
             "threatlocker: skipped no details to try it with (1)",
             "threatlocker: permission to list applications warning",
             "threatlocker: skipped no application to try it with (1)",
             "threatlocker: permission to list mode applications warning",
             "threatlocker: permission to list organizations warning"), "one of 7 \"Approve for ...\"" },
      { "an endpoint that is not offered", function() sandbox:switch { organizations_paged = "404" } end, {},
        "threatlocker: skipped this instance does not offer OrganizationGetChildOrganizationsByParameters (1)" },
      { "a read that fails", function()
          sandbox:fault { kind = "status", match = "GetForMaintenanceMode", status = 500, times = -1 }
        end, {}, "threatlocker: permission to list mode applications warning", "support" },

      { "clocks that differ", function()
          for _, match in ipairs { "GetCount", "rest/version" } do
            sandbox:fault { kind = "status", match = match, status = 403,
                            headers = { Date = "Sun, 06 Nov 1994 08:49:37 GMT" } }
          end
        end, {}, join("threatlocker: clock skew warning", "soar: clock skew warning"), "seconds behind" },

      { "no SOAR", function() environment.SOAR_URL = nil end, {},
        "soar: skipped neither SOAR_URL nor --soar-url is given (1)" },
      { "SOAR by http on another machine", function() environment.SOAR_URL = "http://soar.example.com" end, {},
        join("soar: settings failed", "soar: skipped after settings (7)"), "correct --soar-url" },
      { "SOAR at a port at which nobody listens", function() end, { "--soar-url", "http://127.0.0.1:9" },
        join("soar: TCP failed", "soar: skipped after TCP (5)"), "127.0.0.1 port 9" },
      { "SOAR in trouble", function()
          sandbox:fault { kind = "status", match = "rest/version", status = 503 }
        end, {}, join("soar: SOAR reachable failed", "soar: skipped after SOAR reachable (1)"), "services run" },
      { "something else at SOAR's address", function()
          sandbox:fault { kind = "status", match = "rest/version", status = 404 }
        end, {}, join("soar: SOAR reachable failed", "soar: skipped after SOAR reachable (1)"), "without /rest" },
      { "no credentials of SOAR", function() environment.SOAR_TOKEN = nil end, {},
        "soar: SOAR credentials accepted failed", "SOAR_USER and SOAR_PASSWORD" },
      { "a token of SOAR that was revoked", function() sandbox:switch { soar_token = "revoked" } end, {},
        "soar: SOAR credentials accepted failed", "automation user" },
      { "a user of SOAR that may not see approvals", function()
          sandbox:fault { kind = "status", match = "rest/approval", status = 403 }
        end, {}, "soar: SOAR credentials accepted failed", "right to view approvals" },
    }
    for _, world in ipairs(worlds) do
      local what, breaks, options, expected, part = table.unpack(world)
      it("finds " .. what, function()
        breaks()
        local code, summary, results = diagnose(environment, "--timeout", "3", "--retries", "0",
          table.unpack(options))
        assert.equal(expected, summary)
        assert.equal(summary:find " failed" and 1 or 0, code)
        assert.truthy(not part or json.encode(results):gsub("\\/", "/"):gsub('\\"', '"'):find(part, 1, true))
      end)
    end

    it("shows a proxy's address as the proxy's, and no label of the core", function()
      environment.THREATLOCKER_BASE_URL = "https://portalapi.invalid/portalapi"
      environment.no_proxy, environment.https_proxy = "", sandbox.soar
      local _, _, results = diagnose(environment)
      assert.equal("the proxy at 127.0.0.1", find(results, "threatlocker", "TCP").detail)
      assert.truthy(find(results, "threatlocker", "proxy").detail:find "^CONNECT tunnel failed")
    end)

    it("changes nothing, and makes each read once", function()
      assert.equal(0, (diagnose(environment)))
      local counts = {}
      for _, call in ipairs(sandbox:calls "") do
        counts[call.path] = (counts[call.path] or 0) + 1
        assert.truthy(call.path:find "Get" or call.path:find "^/rest/", call.path)
      end
      assert.equal(2, counts["/portalapi/ApprovalRequest/ApprovalRequestGetCount"])
      assert.equal(2, counts["/rest/version"])
      for path, count in pairs(counts) do
        assert.is_true(count <= 2, path)
      end
    end)

    it("tells which permissions only show on use", function()
      local _, _, results = diagnose(environment)
      local result = find(results, "threatlocker", "permissions to write")
      assert.equal("skipped", result.status)
      has(result.detail, "only seen on use: ")
      for _, name in ipairs { "Approve for New Install (a new application)", "Edit Actioned Requests",
                              "one of 7 \"Approve for ...\"" } do
        has(result.detail, name)
      end
    end)

    it("writes a line for each check, and the remedy below, for every width", function()
      sandbox:switch { soar_token = "revoked" }
      local code, out = command.run({ "doctor" }, environment)
      assert.equal(1, code)
      has(out, "\nok       token accepted                        14 pending requests\n")
      has(out, "\nFAILED   SOAR credentials accepted             ")
      has(out, "\n         make sure that the token is an automation user's")
      assert.falsy(out:find "\27")
      for width = 60, 160, 25 do
        environment.COLUMNS = tostring(width)
        code, out = command.run({ "doctor" }, environment)
        assert.equal(1, code)
        for line in out:gmatch "[^\n]+" do
          assert.is_true(utf8.len(line) <= width, line)
        end
      end
    end)

  end)

  describe("with TLS", function()
    local sandbox

    after_each(function() sandbox:stop() end)

    local function start(option)
      sandbox = helper.start(option)
      return sandbox:environment()
    end

    it("trusts the CAs that it is given", function()
      local code, summary, results = diagnose(start "--tls", "--ca-file", sandbox.ca_file, "--soar-ca-file",
        sandbox.ca_file)
      assert.equal("", summary)
      assert.equal(0, code)
      has(find(results, "threatlocker", "TLS").detail, "trusted by " .. sandbox.ca_file .. ": ")
      has(find(results, "soar", "TLS").detail, "localhost, by CN = Example sandbox CA, until 20")
    end)

    it("shows who is not trusted", function()
      local code, summary, results = diagnose(start "--tls")
      assert.equal(1, code)
      assert.equal(join("threatlocker: TLS failed", after.tls, "soar: TLS failed", "soar: skipped after TLS (3)"),
        summary)
      for service, option in pairs { threatlocker = "--ca-file", soar = "--soar-ca-file" } do
        local result = find(results, service, "TLS")
        has(result.detail, "unverified: ")
        assert.truthy(result.detail:find("SHA%-256 " .. ("%x%x:"):rep(31) .. "%x%x$"), result.detail)
        has(result.remedy, "the CA that signed its certificate (CN = Example sandbox CA) as " .. option)
      end
    end)

    it("shows a certificate of another name", function()
      local environment = start "--tls"
      environment.SOAR_URL = sandbox.soar:gsub("127%.0%.0%.1", "other.localhost")
      local _, summary, results = diagnose(environment, "--ca-file", sandbox.ca_file, "--soar-ca-file",
        sandbox.ca_file)
      assert.equal(join("soar: TLS failed", "soar: skipped after TLS (3)"), summary)
      has(find(results, "soar", "TLS").remedy, "call the server by the name in its certificate")
    end)

    describe("by a self-signed certificate", function()
      local folder, environment

      before_each(function()
        environment = start "--self-signed"
        folder = os.tmpname()
        os.remove(folder)
        assert(os.execute("mkdir " .. folder))
      end)
      after_each(function() os.execute("rm -r " .. folder) end)

      --- Runs it at a terminal, where somebody types that. Returns all that is seen there.
      local function sit(typed)
        local here = shell.capture "pwd":gsub("\n$", "")
        local words = { "cd", folder, "&&", helper.environment(environment), shell.quote(shell.interpreter()),
                        here .. "/lua/bin/threatlocker", "doctor", "--ca-file", sandbox.ca_file }
        return shell.capture(("printf '%s' | script -qec %s /dev/null"):format(typed,
          shell.quote(table.concat(words, " "))))
      end

      local function saved()
        local file = io.open(folder .. "/soar-127.0.0.1.pem")
        return file and file:read "a", file and file:close()
      end

      it("asks nobody where nobody sits", function()
        local _, summary, results = diagnose(environment, "--ca-file", sandbox.ca_file)
        assert.equal(join("soar: TLS failed", "soar: skipped after TLS (3)"), summary)
        has(find(results, "soar", "TLS").remedy, "give that as --soar-ca-file")
      end)

      it("saves it after asking, and goes on with it", function()
        local seen = sit "y\n"
        has(seen, "Save it to soar-127.0.0.1.pem and trust it for SOAR? [y/N]")
        has(seen, "--soar-ca-file soar-127.0.0.1.pem")
        assert.truthy(seen:find("SOAR credentials accepted +SOAR 8"), seen)
        assert.equal(command.slurp(sandbox.ca_file), saved())
      end)

      it("saves nothing without a yes", function()
        for _, typed in ipairs { "n\n", "\n", "yess\n" } do
          local seen = sit(typed)
          has(seen, "[y/N]")
          assert.truthy(seen:find "skipped.+after TLS", seen)
          assert.is_nil((saved()))
        end
      end)

      it("never overwrites a file", function()
        local file <close> = assert(io.open(folder .. "/soar-127.0.0.1.pem", "w"))
        file:write "ours"
        file:close()
        local seen = sit "y\n"
        has(seen, "soar-127.0.0.1.pem: File exists")
        assert.truthy(seen:find "skipped.+after TLS", seen)
        assert.equal("ours", (saved()))
      end)
    end)
  end)
end)
