---@meta _
--- The queue: listing requests, reading one, and its file.

---@class threatlocker.client
local client = {}

---@class threatlocker.call_options
---@field organization_id? string  the organization that contains the request; a row brings its own

---@alias threatlocker.action_type
---| "execute" | "install" | "network" | "registry" | "read" | "write" | "move" | "delete" | "baseline"
---| "powershell" | "elevate" | "configuration" | "dns"

---@class threatlocker.query: threatlocker.call_options
---@field status? integer|"pending"|"approved"|"not_learned"|"rejected"|"added_to_application"|"escalated"|"self_approved"|"escalated_by_customer"  default "pending"
---@field children? boolean  child organizations too
---@field search? string  only requests that hold this text
---@field order_by? "datetime"|"username"|"devicetype"|"actiontype"|"path"|"actiondate"  default "datetime"
---@field ascending? boolean  default true: oldest first
---@field action_types? threatlocker.action_type[]  at least one; default: all
---@field request_type? integer  ThreatLocker's own number of it, undocumented
---@field current_tier_only? boolean  of an approval in several tiers
---@field tier_level? integer  of an approval in several tiers
---@field page_size? integer  default: the client's
---@field concurrency? integer  pages in flight, 1 to 16; default: the client's. A single page does not need it

---@class threatlocker.page_query: threatlocker.query
---@field page_number? integer  from 1

---@class threatlocker.page  members that the server did not tell are absent
---@field current_page? integer  from 1
---@field items_per_page? integer  as asked for
---@field total_items? integer  requests
---@field total_pages? integer  pages of them

---@class threatlocker.requests  an iterator; calling it gives the next row, nil at the end
---@overload fun(): threatlocker.row|nil
local requests = {}

--- The newest totals that the server told.
---@return threatlocker.page
function requests:totals() end
--- True once the end was reached and the list was read whole. False before the end, after an error, and where the
--- list moved so much that even the third walk brought new rows.
---@return boolean
function requests:complete() end
--- Ends the iterator; it cannot be called after that.
function requests:close() end

--- Walks all pages, for use in a generic for. Raises a threatlocker.failure, here and in the loop: a list that ends
--- early must not look complete.
---@param query? threatlocker.query
---@return threatlocker.requests requests, nil, nil, threatlocker.requests closing
function client:requests(query) end

--- One page, for callers that page by themselves. Rows that arrive meanwhile shift the pages: requests() copes with that.
---@param query? threatlocker.page_query
---@return threatlocker.row[]|nil, threatlocker.page|string page, threatlocker.code? code, threatlocker.failure? failure
function client:request_page(query) end

---@class threatlocker.count_options: threatlocker.call_options
---@field children? boolean  default true

--- The number of pending requests; a cheap check of token and instance.
---@param options? threatlocker.count_options
---@return integer|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:count(options) end

--- One request, read afresh.
---@param id string|threatlocker.row
---@param options? threatlocker.call_options
---@return threatlocker.row|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:request(id, options) end

--- Everything that a permit needs.
---@param id string|threatlocker.row
---@param options? threatlocker.call_options
---@return threatlocker.permit_details|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:permit_details(id, options) end

--- Everything that the permit of a storage request needs. Experimental: this endpoint is documented nowhere.
---@param id string|threatlocker.row
---@param options? threatlocker.call_options
---@return table|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:storage_details(id, options) end

---@class threatlocker.file_details
---@field filename? string  as the server names it: not to be used as a path
---@field fileUrl string  a secret: whoever has it has the file
---@field [string] any

--- The copy of the file that the user's computer uploaded; "not_found" where it did not.
---@param id string|threatlocker.row
---@param options? threatlocker.call_options
---@return threatlocker.file_details|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:file_details(id, options) end

---@class threatlocker.download_options: threatlocker.call_options
---@field max_bytes? integer  default 512 MiB
---@field timeout? number  seconds for the whole download; default 600

---@class threatlocker.downloaded
---@field path string  as it was given
---@field filename? string  as the server names it: not to be used as a path
---@field bytes integer  how many were written
---@field sha256 string  of what was written
---@field sha256_checked boolean  the request told a SHA-256, and it is this one

--- Fetches that file into `path`, which must not exist: whole or not at all, mode 0600. It may be malware: nothing here
--- opens it. Links to private addresses and a SHA-256 other than the request's are refused.
---@param id string|threatlocker.row
---@param path string
---@param options? threatlocker.download_options
---@return threatlocker.downloaded|nil, string? message, threatlocker.code? code, threatlocker.failure? failure
function client:download_file(id, path, options) end
