// SPDX-License-Identifier: Apache-2.0
// RealTime: page faults, counted.
import CLinux
import Glibc

/// Page faults of one thread: `minor` found their page in memory, `major` waited for a disk.
public struct PageFaults: Hashable, Sendable {
  public var minor: Int64
  public var major: Int64

  public init(minor: Int64 = 0, major: Int64 = 0) {
    self.minor = minor
    self.major = major
  }

  /// Of the calling thread since it began. One system call.
  public static func ofThisThread() -> PageFaults {
    var faults = PageFaults()
    clinux_page_faults(&faults.minor, &faults.major)
    return faults
  }

  /// Of another thread of this process since it began, by its kernel number; nil where there is none. Reads the kernel's
  /// own file of it (proc(5), the 10th and the 12th field of `stat`): no disk is waited for.
  public static func of(thread: Int32) -> PageFaults? {
    guard thread > 0, let file = fopen("/proc/self/task/\(thread)/stat", "re") else { return nil }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 1024)
    guard fgets(&line, Int32(line.count), file) != nil else { return nil }
    let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    // The name, which may contain anything, ends with the last parenthesis; the field after it is the third.
    guard let end = text.lastIndex(of: ")") else { return nil }
    let fields = text[text.index(after: end)...].split(separator: " ")
    guard fields.count > 9, let minor = Int64(fields[7]), let major = Int64(fields[9]) else { return nil }
    return PageFaults(minor: minor, major: major)
  }

  public var total: Int64 { minor + major }

  public static func - (a: PageFaults, b: PageFaults) -> PageFaults {
    PageFaults(minor: a.minor - b.minor, major: a.major - b.major)
  }
}
