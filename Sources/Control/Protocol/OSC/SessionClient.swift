// SPDX-License-Identifier: Apache-2.0
// Control/Protocol: a client of New Session Manager, as a value that returns what to do (NSM API 1.1.2,
// https://new-session-manager.jackaudio.org/api/).

/// Where a session manager listens, as $NSM_URL says: `osc.udp://HOST:PORT/`.
public struct SessionManagerAddress: Hashable, Sendable {
  /// A name, or an address in digits.
  public let host: String
  public let port: UInt16

  /// Nil for anything but OSC over UDP with a port.
  public init?(_ url: String) {
    guard let match = try? /osc\.udp:\/\/(\[[0-9A-Fa-f:.%a-z]+\]|[^\/:\[\]]+):([0-9]{1,5})\/?/.wholeMatch(in: url),
      let port = UInt16(match.2), port > 0
    else { return nil }
    host = String(match.1.drop { $0 == "[" }.prefix { $0 != "]" })
    self.port = port
  }
}

/// The conversation with a session manager: it announces the client, is told which session to open and when to save, and
/// is answered each time. Any message is understood or passed over; no thread, no clock. O(length) a message.
public struct SessionClient: Sendable {
  /// What a session manager has a client do.
  public enum Order: Hashable, Sendable {
    /// The manager, by its name, knows the client now.
    case accepted(manager: String)
    /// It does not take the client: the reason in its words.
    case refused(String)
    /// Leave the session that is open and go on in this one; to be answered by `done` or `failed`.
    case open(Place)
    /// Write what the open session needs; to be answered by `done` or `failed`.
    case save
  }

  /// A session as one client sees it.
  public struct Place: Hashable, Sendable {
    /// What is kept for this client begins with this path: a folder is made of it.
    public let path: String
    /// The session's name, for people.
    public let session: String
    /// Of this client, in JACK as well.
    public let clientName: String
  }

  /// Which request an answer is for.
  public enum Question: String, Sendable {
    case open = "/nsm/client/open"
    case save = "/nsm/client/save"
  }

  /// Of the codes of the protocol, those that a client can give.
  public enum Failure: Int32, Sendable {
    case general = -1
    case noSessionOpen = -6
    case badProject = -9
    case createFailed = -10
  }

  static let announcementAddress = "/nsm/server/announce"
  /// What jamd can: be told of another session while it runs, tell whether something is unsaved, and say a word.
  static let capabilities = ":switch:dirty:message:"
  private static let longestPath = 3000

  private var isAccepted = false
  private var hasSession = false
  private var isDirty = false

  public init() {}

  /// The first message. `program` is what a session manager starts again, found by PATH.
  public func announcement(program: String, process: Int32) -> OSCMessage {
    OSCMessage(
      Self.announcementAddress,
      [.text("jamd"), .text(Self.capabilities), .text(program), .int(1), .int(1), .int(process)])
  }

  /// Nil where there is nothing to do.
  public mutating func handle(_ message: OSCMessage) -> Order? {
    switch (message.address, message.arguments.first) {
    case ("/reply", .text(Self.announcementAddress)):
      isAccepted = true
      return .accepted(manager: text(message, 2) ?? "a session manager")
    case ("/error", .text(Self.announcementAddress)):
      return .refused(text(message, 2) ?? "it gives no reason")
    case (Question.open.rawValue, .text(let path)) where isAccepted: return open(path, message)
    case (Question.save.rawValue, _) where isAccepted: return .save
    default: return nil
    }
  }

  private mutating func open(_ path: String, _ message: OSCMessage) -> Order? {
    guard let session = text(message, 1), let name = text(message, 2), path.hasPrefix("/"), !name.isEmpty,
      path.utf8.count <= Self.longestPath, !path.split(separator: "/").contains("..")
    else { return nil }
    hasSession = true
    return .open(Place(path: path, session: session, clientName: name))
  }

  private func text(_ message: OSCMessage, _ index: Int) -> String? {
    guard message.arguments.indices.contains(index), case .text(let text) = message.arguments[index] else { return nil }
    return text.isPrintable ? text : nil
  }

  // MARK: What the client says

  public func done(_ question: Question, _ text: String) -> OSCMessage {
    OSCMessage("/reply", [.text(question.rawValue), .text(text)])
  }

  public func failed(_ question: Question, _ failure: Failure, _ text: String) -> OSCMessage {
    OSCMessage("/error", [.text(question.rawValue), .int(failure.rawValue), .text(text)])
  }

  /// Whether there is something to save, told once for each change; nil where the manager knows.
  public mutating func tell(isDirty: Bool) -> OSCMessage? {
    guard hasSession, isDirty != self.isDirty else { return nil }
    self.isDirty = isDirty
    return OSCMessage(isDirty ? "/nsm/client/is_dirty" : "/nsm/client/is_clean")
  }

  /// For people who look at the session manager; `priority` 0...3, the last for what cannot wait.
  public func message(_ text: String, priority: Int32) -> OSCMessage {
    OSCMessage("/nsm/client/message", [.int(min(3, max(0, priority))), .text(text)])
  }
}
