"""The result of one parameter dictionary (#12)."""
from phantom.app import APP_SUCCESS


class ActionResult:
    def __init__(self, param=None):
        self._param = {} if param is None else param
        self._status = False
        self._message = ""
        self._data = []
        self._summary = {}
        self._debug_data = []
        self._extra_data = []

    def add_data(self, item):
        self._data.append(item)

    def update_data(self, items):
        self._data.extend(items)

    def get_data(self):
        return self._data

    def get_data_size(self):
        return len(self._data)

    def set_summary(self, summary):
        self._summary = summary

    def update_summary(self, summary):
        self._summary.update(summary)
        return self._summary

    def get_summary(self):
        return self._summary

    def set_status(self, status, message=None, exc=None):
        self._status = status
        if message is not None:
            self._message = str(message)
        if exc is not None:
            self._message += " {0}".format(exc)
        return self._status

    def get_status(self):
        return self._status

    def get_message(self):
        return self._message

    def append_to_message(self, text):
        self._message = " ".join(filter(None, (self._message, text)))

    def get_param(self):
        return self._param

    def update_param(self, param):
        self._param.update(param)

    def add_debug_data(self, item):
        self._debug_data.append(item)

    def get_debug_data(self):
        return self._debug_data

    def add_extra_data(self, item):
        self._extra_data.append(item)

    def get_extra_data(self):
        return self._extra_data

    def is_success(self):
        return self._status == APP_SUCCESS

    def is_fail(self):
        return not self.is_success()

    def get_dict(self):
        parameter = dict(self._param)
        context = parameter.pop("context", None)
        return {"status": "success" if self.is_success() else "failed", "message": self._message or self._told_by_summary(),
                "data": self._data, "summary": self._summary, "parameter": parameter, "context": context,
                "extra_data": self._extra_data}

    def _told_by_summary(self):
        """{"num_requests": 12} -> "Num requests: 12"."""
        return ", ".join("{0}: {1}".format(name.replace("_", " ").capitalize(), value)
                         for name, value in self._summary.items())
