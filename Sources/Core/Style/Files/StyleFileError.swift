// SPDX-License-Identifier: Apache-2.0
// Core/Style: why a style file was refused.

/// Why bytes are not a style, where, and what to do about it.
public struct StyleFileError: Error, Hashable, Sendable {
  public enum Reason: Hashable, Sendable {
    case notAStyle
    case newer(version: UInt32)
    case older(version: UInt32)
    case truncated(needed: Int)
    case checksum
    case missingSection(String)
    case malformed(String)
  }

  public var reason: Reason
  /// The byte at which it was noticed.
  public var offset: Int

  public init(_ reason: Reason, at offset: Int) {
    self.reason = reason
    self.offset = offset
  }
}

extension StyleFileError: CustomStringConvertible {
  public var description: String { "at byte \(offset): \(reason.description)" }
}

extension StyleFileError.Reason: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notAStyle: "this is not a style file; styles are made by \"jam learn\""
    case .newer(let version):
      "the file is of version \(version), this program reads version \(StyleFile.version); use a newer jamd, or learn the style again"
    case .older(let version):
      "the file is of version \(version), this program reads version \(StyleFile.version); learn the style again"
    case .truncated(let needed): "the file ends too early, \(needed) bytes more are needed; copy it again"
    case .checksum: "the checksum does not match: the file was damaged; copy it again, or learn the style again"
    case .missingSection(let name): "the section \"\(name)\" is missing; learn the style again"
    case .malformed(let what): "\(what); learn the style again"
    }
  }
}
