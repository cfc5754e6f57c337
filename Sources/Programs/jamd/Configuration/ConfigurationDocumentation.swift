// SPDX-License-Identifier: Apache-2.0
// Programs/jamd: the default jamd.toml and its manual page, written from the table.

package enum ConfigurationDocumentation {
  /// A configuration file that shows every key with its default and changes nothing.
  package static var defaultFile: String {
    var text = """
      # SPDX-License-Identifier: Apache-2.0
      # The configuration of jamd: /etc/jamd/jamd.toml for everybody, ~/.config/jamd/jamd.toml for yourself.
      # Every key is shown with its default. Remove the # in front of one to change it; then try `jamd --check`.
      # See also: man jamd.toml

      """
    for section in ConfigurationKey.sections {
      text += "\n# \(section.title)\n[\(section.name)]\n"
      for key in ConfigurationKey.all where key.section == section.name { text += "\n" + entry(key) }
    }
    return text
  }

  private static func entry(_ key: ConfigurationKey) -> String {
    let comment = "\(key.explanation)\nMay be \(key.kind.documentation)."
    let value = key.defaultValue?.toml ?? "1"
    return wrapped(comment, width: 100).map { "# \($0)\n" }.joined() + "#\(key.name) = \(value)\n"
  }

  private static func wrapped(_ text: String, width: Int) -> [String] {
    text.split(separator: "\n").flatMap { paragraph in
      paragraph.split(separator: " ").reduce(into: [String]()) { lines, word in
        if let last = lines.last, last.count + 1 + word.count <= width {
          lines[lines.count - 1] = "\(last) \(word)"
        } else {
          lines.append(String(word))
        }
      }
    }
  }

  /// jamd.toml(5) in the man macros.
  package static var manual: String {
    var text = header
    for section in ConfigurationKey.sections {
      text += ".SH [\(section.name)]\n\(escaped(section.title))\n"
      for key in ConfigurationKey.all where key.section == section.name {
        text += ".TP\n.B \(key.name)\n\(escaped(key.explanation))\n.br\n"
        text += "May be \(escaped(key.kind.documentation)). Default: \(escaped(key.defaultValue?.toml ?? "not set")).\n"
      }
    }
    return text + footer
  }

  private static let header = #"""
    .\" SPDX-License-Identifier: Apache-2.0
    .\" Written from the table in Sources/Programs/jamd/Configuration/ConfigurationTable.swift. Change that, then run
    .\" JAMD_REGENERATE=1 swift test --filter jamdTests
    .TH JAMD.TOML 5 "" jamd "File formats"
    .SH NAME
    jamd.toml \- configuration of the jam daemon
    .SH SYNOPSIS
    .nf
    /etc/jamd/jamd.toml
    $XDG_CONFIG_HOME/jamd/jamd.toml (else ~/.config/jamd/jamd.toml)
    .fi
    .SH DESCRIPTION
    jamd needs no configuration. Where there is one, it is a TOML file (https://toml.io) of sections and keys. What the
    second file says counts more than the first, and options of
    .BR jamd (8)
    count more than both. With
    .BR \-\-config ,
    only the file given there is read. A key that does not exist or a value that is not allowed keeps jamd from
    starting;
    .B jamd \-\-check
    tells the line and what may have been meant.
    .SH EXAMPLE
    .nf
    [style]
    name = "bach"

    [answer]
    sound = "Vibraphone"
    .fi

    """#

  private static let footer = #"""
    .SH SEE ALSO
    .BR jamd (8),
    .BR jam (1)

    """#

  /// Text that troff prints as it is.
  private static func escaped(_ text: String) -> String {
    let escaped = text.replacing("\\", with: "\\e").replacing("-", with: "\\-").replacing("~", with: "\\(ti")
    return escaped.hasPrefix(".") || escaped.hasPrefix("'") ? "\\&" + escaped : escaped
  }
}
