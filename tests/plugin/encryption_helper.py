"""The platform's helper for secrets in a state (#1): older ones want a salt, newer ones take none. No real secrecy."""
import base64


def encrypt(text, salt=None):
    return base64.b64encode(text.encode()).decode()


def decrypt(text, salt=None):
    return base64.b64decode(text).decode()
