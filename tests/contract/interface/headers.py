"""What programs are compiled against, as text: each enum, struct, type, function and macro of the public headers
given.

The headers say what there is; a C program made from that asks the compiler for values, offsets and sizes. A declaration
of a kind that is unknown here is refused, never left out.
"""
import os
import re
import subprocess
import tempfile

NAME = r"[A-Za-z_]\w*"
# Macros that say something to the compiler, nothing to programs.
FOR_THE_COMPILER = {"TL_API", "TL_NODISCARD", "TL_PLUGIN_API"}


class Unreadable(Exception):
    """A declaration of a kind that is unknown here."""


def split_at(separator, text):
    """The parts between separators that stand outside of parentheses and braces."""
    parts, depth = [""], 0
    for sign in text:
        depth += (sign in "({") - (sign in ")}")
        if sign == separator and depth == 0:
            parts.append("")
        else:
            parts[-1] += sign
    return [part.strip() for part in parts if part.strip()]


def without_names(parameters):
    """A list of parameters without their names, which may change."""
    return ", ".join(re.sub(r"(?<=[\s*])%s$" % NAME, "", each).strip() for each in split_at(",", parameters))


class Interface:
    """The declarations of some headers."""

    def __init__(self, compiler, headers, include):
        self.compiler, self.include = compiler, include
        self.headers = [os.path.abspath(header) for header in headers]
        self.functions = {}
        self._entries = []  # (heading, [(line with {} for numbers, C expressions of these)])
        for declaration in split_at(";", self._declarations()):
            self._add(declaration)
        self._add_macros()

    def text(self):
        """Everything, one entry after the other in the order of their headings."""
        numbers = self._numbers()
        lines = []
        for heading, members in sorted(self._entries, key=lambda entry: entry[0]):
            lines.append(heading)
            for line, expressions in members:
                lines.append("    " + line.format(*(next(numbers) for _ in expressions)))
        return "".join(line + "\n" for line in lines + [self.functions[name] for name in sorted(self.functions)])

    # --- reading ---

    def _run(self, *arguments, text=None):
        return subprocess.run([*self.compiler, "-std=c11", "-I", self.include, *arguments], input=text, check=True,
                              stdout=subprocess.PIPE, universal_newlines=True).stdout

    def _includes(self):
        return "".join('#include "{}"\n'.format(header) for header in self.headers)

    def _declarations(self):
        """What stands in the headers themselves, preprocessed, in one line."""
        kept, ours = [], False
        for line in self._run("-E", "-D__attribute__(x)=", "-xc", "-", text=self._includes()).splitlines():
            marker = re.match(r'# \d+ "(.*?)"', line)
            if marker:
                ours = os.path.abspath(marker.group(1)) in self.headers
            elif ours:
                kept.append(line)
        text = re.sub(r"\s+", " ", " ".join(kept).replace("_Bool", "bool"))
        return re.sub(r" (?=[,;)\[])", "", re.sub(r"(?<=[(*\[]) ", "", text))

    def _add(self, text):
        kinds = (
            (r"(?:typedef )?enum ?(?P<name>%s)? ?{(?P<of>.*)} ?(?:%s)?" % (NAME, NAME), self._add_enum),
            (r"typedef struct ?(?:%s)? ?{(?P<of>.*)} ?(?P<name>%s)" % (NAME, NAME), self._add_struct),
            (r"typedef struct (?P<name>%s) (?P=name)" % NAME, self._add_opaque),
            (r"typedef (?P<result>.*)\(\*(?P<name>%s)\)\((?P<of>.*)\)" % NAME, self._add_callback),
            (r"(?P<result>[\w ]+[ *]+(?:const \*)?)(?P<name>%s)\((?P<of>.*)\)" % NAME, self._add_function),
        )
        for pattern, add in kinds:
            match = re.fullmatch(pattern, text)
            if match:
                add(**match.groupdict())
                return
        raise Unreadable(text)

    def _add_enum(self, name, of):
        names = [re.match(NAME, each).group() for each in split_at(",", of)]
        self._entries.append(("enum " + (name or "of " + names[0]), [
            (each + " = {}", ["(long long)" + each]) for each in names]))

    def _add_struct(self, name, of):
        members = [("all: {} bytes, aligned to {}", ["sizeof({})".format(name), "_Alignof({})".format(name)])]
        for member in split_at(";", of):
            match = re.fullmatch(r".*\(\*(%s)\)\(.*\)|.*[\s*](%s)(?:\[\w+\])*" % (NAME, NAME), member)
            if not match:  # bit-fields and inner structs have to be thought of first
                raise Unreadable("struct {}: {}".format(name, member))
            at = match.group(1) or match.group(2)
            members.append(("at {}, {} bytes: " + member, [
                "offsetof({}, {})".format(name, at), "sizeof((({} *)0)->{})".format(name, at)]))
        self._entries.append(("struct " + name, members))

    def _add_opaque(self, name):
        self._entries.append(("struct " + name, [("opaque", [])]))

    def _add_callback(self, name, result, of):
        self._entries.append(("callback {}: {}(*)({})".format(name, result, without_names(of)), []))

    def _add_function(self, name, result, of):
        self.functions[name] = "function {}{}({})".format(result, name, without_names(of))

    def _add_macros(self):
        for header in self.headers:
            with open(header, encoding="utf-8") as file:
                text = file.read().replace("\\\n", " ")
            for name, value in re.findall(r"^#\s*define (TL_\w+(?:\(.*?\))?)(.*)$", text, re.MULTILINE):
                if name not in FOR_THE_COMPILER:
                    self._entries.append(("macro {} {}".format(name, " ".join(value.split())), []))

    # --- measuring ---

    def _numbers(self):
        """What the compiler says of the expressions, in the order of the text."""
        expressions = [expression for _, members in sorted(self._entries, key=lambda entry: entry[0])
                       for _, some in members for expression in some]
        printed = "".join('    printf("%lld\\n", (long long)({}));\n'.format(each) for each in expressions)
        program = "#include <stdio.h>\n{}int main(void)\n{{\n{}    return 0;\n}}\n".format(self._includes(), printed)
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "measure")
            self._run("-xc", "-", "-o", path, text=program)
            said = subprocess.run([path], check=True, stdout=subprocess.PIPE, universal_newlines=True).stdout
        return iter(said.split())
