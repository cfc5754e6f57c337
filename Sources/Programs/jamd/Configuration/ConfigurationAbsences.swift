// SPDX-License-Identifier: Apache-2.0
// Programs/jamd: what the configuration names and nobody finds.
import Glibc

extension Configuration {
  /// Allowed, but not there: a style, a chart, a SoundFont, a group; each with what jamd does then. Reads the disk.
  package var absences: [String] {
    var absences: [String] = []
    let folders = StyleFolders.all(given: style.folders)
    if !style.name.isEmpty, !folders.contains(where: { Self.isFile("\($0)/\(style.name).style") }) {
      absences.append(
        "style.name: no style is called \"\(style.name)\" in \(folders.joined(separator: ", ")); jamd waits for it")
    }
    if !answer.chart.isEmpty {
      do throws(ChartFailure) {
        _ = try ChartFile.chart(answer.chart)
      } catch {
        absences.append("answer.chart: \(error); jamd follows what it hears")
      }
    }
    if !synth.soundFont.isEmpty, !Self.isFile(synth.soundFont) {
      absences.append("synth.soundfont: \(synth.soundFont) is no file that can be read; the organ plays instead")
    }
    if !control.group.isEmpty, getgrnam(control.group) == nil {
      absences.append("control.group: there is no group \"\(control.group)\"; jamd's own is taken")
    }
    return absences
  }

  private static func isFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, R_OK) == 0
  }
}
