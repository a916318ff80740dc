--- Reads of every kind.
local helper = require "helper"

local dental, bakery = helper.dental, helper.bakery
local file = helper.request_id(1001)
local inside = { organization_id = dental }

local function step(method, about, run)
  return { about = method .. ": " .. about, run = run }
end

return {
  step("requests", "own organization", function(client)
    for _ in client:requests() do end -- luacheck: ignore 542
  end),
  step("requests", "all pages of all organizations", function(client)
    for _ in client:requests { children = true, page_size = 3 } do end -- luacheck: ignore 542
  end),
  step("request_page", "every member of the query", function(client)
    client:request_page { status = "rejected", children = true, search = "a \"b\" \\ &=?#%/ü", order_by = "actiondate",
                          ascending = false, page_size = 1000, page_number = 2, organization_id = bakery,
                          action_types = { "execute", "elevate" }, request_type = 1, current_tier_only = true,
                          tier_level = 2 }
  end),
  step("request_page", "a status by its number", function(client)
    client:request_page { status = 13 }
  end),
  step("request", "one", function(client) client:request(file, inside) end),
  step("permit_details", "one", function(client) client:permit_details(file, inside) end),
  step("matching_applications", "by request", function(client) client:matching_applications(file, inside) end),
  step("matching_applications", "with a certificate", function(client)
    client:matching_applications(helper.request_id(1004), inside)
  end),
  step("matching_applications", "beyond ASCII", function(client)
    client:matching_applications(helper.request_id(1008), { organization_id = "0a000000-0000-4000-8000-000000000044" })
  end),
  step("count", "with and without children", function(client)
    client:count()
    client:count { children = false, organization_id = bakery }
  end),
  step("applications", "to add to", function(client)
    client:applications { organization_id = dental }
    client:applications { search = "App & Söhne?", organization_id = dental }
  end),
  { about = "applications: where the old list is gone", switches = { add_list = "404" },
    run = function(client) client:applications { search = "App", organization_id = dental } end },
  step("maintenance_applications", "Windows and macOS", function(client)
    client:maintenance_applications { organization_id = dental }
    client:maintenance_applications { os = "mac", organization_id = dental }
  end),
  step("research", "one", function(client) client:research(helper.application_id(101)) end),
  step("application", "one", function(client) client:application(helper.application_id(202), inside) end),
  step("matching_applications", "by criteria", function(client)
    client:matching_applications({ hash = ("a"):rep(64), path = "C:\\Tools\\field.exe", osType = 1,
                                   certs = { { sha = "", subject = "CN=Example", validCert = true } },
                                   organizationIds = { dental } }, inside)
  end),
  { about = "suggest_conditions: from details", id = file, organization = dental,
    held = "ApprovalRequest/ApprovalRequestGetPermitApplicationById",
    run = function(client) client:suggest_conditions(file, inside) end },
  step("file_details", "one", function(client) client:file_details(file, inside) end),
  step("storage_details", "one", function(client) client:storage_details(helper.request_id(1006), inside) end),
  step("organizations", "each way", function(client)
    client:organizations()
    client:organizations { search = "Example & Söhne", organization_id = helper.msp }
    client:organizations { via = { "parameters" } }
    client:organizations { via = { "children" } }
  end),
  step("computer_groups", "of a system, and of all", function(client)
    client:computer_groups { organization_id = dental }
    client:computer_groups { os = "all", organization_id = dental }
  end),
  { about = "computer_groups: where the list is gone",
    switches = { groups_for_permit = "404" },
    run = function(client) client:computer_groups { organization_id = dental } end },
  step("audit", "plain and full", function(client)
    client:audit()
    client:audit { user = "a*", action = "Modify", effective_action = "Permit", details = "x", ip_address = "10.*",
                   search = "y", object_id = file, since = "2026-06-01T00:00:00Z", ["until"] = "2026-07-01T00:00:00Z",
                   children = true, page = 2, page_size = 1000, organization_id = dental }
  end),
}
