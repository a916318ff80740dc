"""The Splunk SOAR app "ThreatLocker Approvals"."""
