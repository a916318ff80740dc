"""Archives that are the same bytes whenever, wherever and by whomever they are made."""
import gzip
import io
import tarfile


def tgz(members, when, mode=0o644):
    """Bytes of a gzip'ed tar of `members`, {name: bytes}; every folder of theirs is a member too.

    `when` is the time stamp of all members, seconds since 1970. Nobody's name is in it, and files are never
    writable by others: SOAR's installer runs as root.
    """
    folders = {parent for name in members for parent in parents(name)}
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name in sorted(folders | set(members)):
            member = tarfile.TarInfo(name)
            member.mtime = when
            if name in folders:
                member.type, member.mode = tarfile.DIRTYPE, 0o755
                archive.addfile(member)
            else:
                member.size, member.mode = len(members[name]), mode
                archive.addfile(member, io.BytesIO(members[name]))
    return gzip.compress(packed.getvalue(), 9, mtime=0)


def parents(name):
    parts = name.split("/")[:-1]
    return ["/".join(parts[: depth + 1]) for depth in range(len(parts))]
