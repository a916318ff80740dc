---@meta threatlocker
--- Types of the module `threatlocker` for the Lua language server; never loaded at run time. This file is what
--- `require "threatlocker"` gives, its neighbours hold the classes.
---
--- Failures return nil, a message, a code and a failure table. Misuse (wrong types, unknown options, use after
--- close) raises. Everything that has close() can be a `<close>` variable. Calls block, all coroutines included.

---@alias threatlocker.code
---| "usage" | "config" | "memory" | "network" | "tls" | "timeout" | "cancelled" | "token" | "permission"
---| "forbidden" | "not_found" | "invalid" | "rate_limited" | "server" | "protocol" | "conflict"
---| "unknown_outcome"

---@class threatlocker.failure  tostring() gives "message (code)"
---@field code threatlocker.code  what kind of failure; these words are stable
---@field message string  one line that says what to do; without secrets
---@field http_status? integer  of the reply, where there was one
---@field retriable boolean  the same read may succeed later
---@field applied "no"|"yes"|"unknown"  whether a write changed anything
---@field logger_id? string  ThreatLocker's LoggerId, which its support asks for
---@field counts? threatlocker.counts  of a chain's step: what was done before it failed

---@class threatlocker
---@field _VERSION string  of the module, "MAJOR.MINOR.PATCH"
---@field null lightuserdata  JSON null; equal to the null of lua-cjson
local threatlocker = {}

--- Makes a client of the Portal API; sends nothing.
---@param options? threatlocker.client_options
---@return threatlocker.client|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function threatlocker.client(options) end

--- Makes a client of Splunk SOAR's REST API; sends nothing.
---@param options? threatlocker.soar_options
---@return threatlocker.soar|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function threatlocker.soar(options) end

--- Opens the chain's ledger. Values out of range are "config".
---@param options threatlocker.chain_options
---@return threatlocker.chain|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function threatlocker.chain(options) end

--- The history in a ledger's file, as chain:history() gives it, without a chain: needs no credentials, and only reads.
--- "config" while a chain is running with that ledger.
---@param ledger string
---@param request_id? string|threatlocker.row
---@return threatlocker.history_line[]|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function threatlocker.history(ledger, request_id) end

--- Marks a table, or a new one, as a JSON array: needed for empty ones, which are objects otherwise.
---@generic T: table
---@param list? T
---@return T
function threatlocker.array(list) end

--- Compact JSON with sorted members. Raises, naming the key path, for what JSON cannot hold.
---@param value any
---@return string|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function threatlocker.json_encode(value) end

---@class threatlocker.decode_options
---@field null? any  stands for JSON null; default: null members are absent

--- Strict. Integers beyond 64 bits become strings of their digits; null list items are threatlocker.null, whatever
--- options.null says of members.
---@param text string
---@param options? threatlocker.decode_options
---@return any, string? message, threatlocker.code? code, threatlocker.failure? failure
function threatlocker.json_decode(text, options) end

--- What a server or file said, for people's eyes: without outer white space, and with U+FFFD for each control,
--- bidirectional or invisible character and each byte that is no UTF-8. At most `max` characters, then "…".
---@param text? string  without NUL bytes; nil gives ""
---@param max? integer  default: no limit
---@return string
function threatlocker.clean_text(text, max) end

---@class threatlocker.endpoint
---@field name string  the last part of its path
---@field method "GET"|"POST"  of HTTP
---@field path string  below /portalapi/
---@field write boolean  it changes something
---@field organization boolean  takes the ManagedOrganizationId header
---@field permissions threatlocker.permission_group[]  all of these groups are needed

---@class threatlocker.permission_group
---@field any_of string[]  official names; any of them will do
---@field condition? string  the group is needed in this case only

--- The ThreatLocker endpoints that this module calls.
---@return threatlocker.endpoint[]
function threatlocker.endpoints() end

--- Waits, for scripts that poll.
---@param seconds number
---@return boolean whole  false when a signal cut it short
function threatlocker.sleep(seconds) end

return threatlocker
