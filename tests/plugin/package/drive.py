"""drive.py LIBRARY [ASSET REQUEST]: loads the plugin as SOAR's Python does, prints interface and version, and runs one
action; the reply goes to standard output. Python 3.9, standard library only: it also runs on the oldest host.
"""
import ctypes
import sys


def declare(library, name, restype, *argtypes):
    function = getattr(library, name)
    function.restype, function.argtypes = restype, argtypes
    return function


def run(library, asset, request):
    out = ctypes.POINTER(ctypes.c_void_p)
    text = [ctypes.c_char_p, ctypes.c_size_t]
    open_session = declare(library, "tl_plugin_open", ctypes.c_int32, out, *text, out)
    run_action = declare(library, "tl_plugin_run", ctypes.c_int32, ctypes.c_void_p, *text, out,
                         ctypes.POINTER(ctypes.c_size_t))
    close = declare(library, "tl_plugin_close", None, ctypes.c_void_p)
    free = declare(library, "tl_plugin_free", None, ctypes.c_void_p)

    session, reply, length = ctypes.c_void_p(), ctypes.c_void_p(), ctypes.c_size_t()
    code = open_session(ctypes.byref(session), asset, len(asset), ctypes.byref(reply))
    if code != 0:
        sys.exit("not opened ({}): {}".format(code, ctypes.string_at(reply.value).decode() if reply else ""))
    code = run_action(session, request, len(request), ctypes.byref(reply), ctypes.byref(length))
    if code != 0:
        sys.exit("not run ({})".format(code))
    print(ctypes.string_at(reply.value, length.value).decode())
    free(reply)
    close(session)


def main():
    library = ctypes.CDLL(sys.argv[1])
    abi = declare(library, "tl_plugin_abi", ctypes.c_int32)()
    version = declare(library, "tl_plugin_version", ctypes.c_char_p)()
    print("interface {} version {}".format(abi, version.decode()))
    if len(sys.argv) > 2:
        run(library, sys.argv[2].encode(), sys.argv[3].encode())


main()
