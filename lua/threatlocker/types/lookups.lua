---@meta _
--- What can be looked up beside the queue: applications, organizations, groups, the audit trail.

---@class threatlocker.client
local client = {}

--- What a file is matched by: at least hash, sha256 or a certificate, and all of one file.
---@class threatlocker.criteria
---@field hash? string  ThreatLocker's own hash
---@field sha256? string  SHA-256
---@field path? string  full path of the file
---@field processPath? string  full path of the program that wanted it
---@field filename? string  the path's last part
---@field folder? string  the path without it
---@field certs? threatlocker.file_certificate[]  that signed it
---@field createdBys? string[]  full paths of what created it
---@field organizationIds? string[]  GUIDs of the organizations whose applications count
---@field osType? integer  default 1, Windows

---@class threatlocker.application
---@field applicationId string  GUID
---@field name string  as the portal shows it
---@field organizationName? string  "master" owns the built-in ones
---@field [string] any

--- Applications that match a file. A table with approvalRequestId is a row, one with approvalRequest holds permit
--- details; any other holds criteria.
---@param what string|threatlocker.row|threatlocker.permit_details|threatlocker.criteria
---@param options? threatlocker.call_options
---@return threatlocker.application[]|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:matching_applications(what, options) end

--- Conditions that the server suggests for a permit, as they come: their shape is not documented.
---@param what string|threatlocker.row|threatlocker.permit_details
---@param options? threatlocker.call_options
---@return table|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:suggest_conditions(what, options) end

---@alias threatlocker.os integer|"windows"|"mac"|"linux"|"windows_xp"

---@class threatlocker.lookup_options
---@field organization_id? string  whose they are; default: the client's

---@class threatlocker.os_options: threatlocker.lookup_options
---@field os? threatlocker.os  default "windows"

---@class threatlocker.applications_options: threatlocker.os_options
---@field search? string  names that contain it

--- Applications that a file's rules can be added to, those of the organizations above included.
---@param options? threatlocker.applications_options
---@return threatlocker.application[]|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:applications(options) end

---@class threatlocker.maintenance_application
---@field label string  its name
---@field value string  its GUID

--- Applications usable with installation, learning or monitor mode.
---@param options? threatlocker.os_options
---@return threatlocker.maintenance_application[]|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:maintenance_applications(options) end

--- One application.
---@param application_id string
---@param options? threatlocker.lookup_options
---@return threatlocker.application|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:application(application_id, options) end

--- What ThreatLocker knows about a built-in application; "not_found" where it knows nothing.
---@param application_id string
---@return table|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:research(application_id) end

---@alias threatlocker.via "move"|"parameters"|"children"

---@class threatlocker.organizations_options: threatlocker.lookup_options
---@field search? string  names that contain it
---@field via? threatlocker.via|threatlocker.via[]  which endpoints to ask, in that order; default: move, parameters, children

---@class threatlocker.organization
---@field organizationId string  GUID
---@field name string  as the portal shows it

--- Organizations that the token reaches, each once.
---@param options? threatlocker.organizations_options
---@return threatlocker.organization[]|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:organizations(options) end

---@class threatlocker.groups_options: threatlocker.lookup_options
---@field os? threatlocker.os|"all"  default "windows"

---@class threatlocker.computer_group
---@field computerGroupId string  GUID
---@field name string  as the portal shows it
---@field [string] any

--- Groups of computers, which a permit of scope "group" names.
---@param options? threatlocker.groups_options
---@return threatlocker.computer_group[]|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:computer_groups(options) end

---@class threatlocker.audit_query: threatlocker.lookup_options  texts mean "contains", or "*" is a wildcard
---@field user? string  who did it
---@field action? string  "Create" "Delete" "Logon" "Modify" "Read"
---@field effective_action? string  what it came to
---@field details? string  of what was done
---@field ip_address? string  from where
---@field search? string  anywhere in the line
---@field object_id? string  GUID
---@field since? string  UTC time
---@field ["until"]? string  UTC time; a keyword of Lua, so write ["until"] = …
---@field children? boolean  child organizations too
---@field page? integer  from 1
---@field page_size? integer  1 to 1000; default 25

--- One page of the portal's audit trail, newest first.
---@param query? threatlocker.audit_query
---@return table[]|nil, threatlocker.page|string page, threatlocker.code? code, threatlocker.failure? failure
function client:audit(query) end
