"""Files of containers."""
import os

from phantom import soar


def vault_add(container=None, file_location=None, file_name=None, metadata=None, trace=False):
    refusal = soar.setting("vault_refuses")
    if refusal:
        return False, refusal, None
    if not container:
        return False, "container is required", None
    if not file_location or not os.path.isfile(file_location):
        return False, "file {0} does not exist".format(file_location), None
    import hashlib  # here, so that an action without files does not wait for them
    import shutil

    with open(file_location, "rb") as file:
        vault_id = hashlib.sha1(file.read()).hexdigest()
    os.makedirs(soar.path("vault"), exist_ok=True)
    shutil.move(file_location, soar.path("vault", vault_id))
    soar.record("vault", {"container": container, "name": file_name, "vault_id": vault_id, "location": file_location})
    return True, "Success", vault_id


class Vault:
    @staticmethod
    def get_vault_tmp_dir():
        return soar.path("tmp")
