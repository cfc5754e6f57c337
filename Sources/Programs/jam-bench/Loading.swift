// SPDX-License-Identifier: Apache-2.0
// Programs/jam-bench: how large a style is, in a file and in memory, and how long it takes to load.
import Glibc
import Style

enum Loading {
  /// `notes` is what `style` was learned from.
  static func figures(_ style: Style, notes: Int, runs: Int) -> [Figure] {
    let bytes = style.encoded()
    let name = "\(Extent.short(notes)) notes"
    let times = (0..<runs).compactMap { _ in
      let (loaded, time) = timed { try? Style(decoding: bytes) }
      return loaded.map { _ in time * 1e-6 }
    }
    let held = (0..<runs).compactMap { _ in residentGrowth { try? Style(decoding: bytes) } }
    let read = (0..<runs).compactMap { _ in readingTime(bytes) }
    return [
      .single("style file read, decoded and checked, \(name)", "ms", read.map { $0 * 1e-6 }),
      .single("style file, \(name)", "bytes/note", [Double(bytes.count) / Double(notes)]),
      .single("style decoded and checked, \(name)", "ms", times),
      .single("style in memory, \(name)", "bytes/note", held.map { Double($0) / Double(notes) }),
    ]
  }

  /// Nanoseconds from a file that was just written, as `jam` and jamd read it; nil where none can be written.
  private static func readingTime(_ bytes: [UInt8]) -> Double? {
    var name = Array("/tmp/jam-bench-XXXXXX".utf8CString)
    let descriptor = mkstemp(&name)
    guard descriptor >= 0 else { return nil }
    unlink(name)
    defer { close(descriptor) }
    var written = 0
    while written < bytes.count {
      let more = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress! + written, $0.count - written) }
      guard more > 0 else { return nil }
      written += more
    }
    lseek(descriptor, 0, SEEK_SET)
    let (style, time) = timed { try? Style(count: bytes.count) { read(descriptor, $0.baseAddress, $0.count) } }
    return style.map { _ in time }
  }

  /// Of a player's model at its capacity.
  static func playerFigure(runs: Int) -> Figure {
    let notes = PlayerModel.standardCapacity
    let phrases = LiveLearning.phrases(notes: notes)
    let held = (0..<runs).compactMap { _ in
      residentGrowth {
        var player = PlayerModel()
        for phrase in phrases { player.learn(phrase, key: nil) }
        return player
      }
    }
    return .single("player's model in memory, \(notes) notes", "bytes/note", held.map { Double($0) / Double(notes) })
  }

  /// Bytes by which the resident set is larger while what `make` gives is alive; nil when it gives nothing.
  private static func residentGrowth<Value>(_ make: () -> Value?) -> Int? {
    trim()
    let before = residentBytes()
    guard let value = make() else { return nil }
    trim()
    return withExtendedLifetime(value) { residentBytes() - before }
  }

  /// Gives freed memory back to the system, so that what is measured next cannot hide in it. Swift's Glibc leaves
  /// <malloc.h> out.
  private static func trim() {
    typealias Trim = @convention(c) (Int) -> Int32
    guard let symbol = dlsym(nil, "malloc_trim") else { return }
    _ = unsafeBitCast(symbol, to: Trim.self)(0)
  }

  /// The second field of /proc/self/statm, in pages.
  private static func residentBytes() -> Int {
    guard let file = fopen("/proc/self/statm", "re") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    guard fgets(&line, Int32(line.count), file) != nil else { return 0 }
    let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let fields = text.split(separator: " ")
    return (fields.count > 1 ? Int(fields[1]) ?? 0 : 0) * sysconf(Int32(_SC_PAGESIZE))
  }
}
