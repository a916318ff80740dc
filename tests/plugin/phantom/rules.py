"""What apps use of the playbook API."""
from phantom.vault import vault_add

__all__ = ["vault_add"]
