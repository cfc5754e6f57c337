// SPDX-License-Identifier: Apache-2.0
// Core/Improviser: several players, each at a keyboard of his own.
import Music
import Style

/// What belongs to one of several players, while another one's is in use.
struct Seat: Sendable {
  var listener: PhraseListener
  var model: PlayerModel
  var latest: PlannedAnswer?
}

/// Who sits where. The improviser itself has the listener, the model and the answer of the player at `current`, and
/// changes them for another's before anything of that one happens; so where keyboards are together nothing is different.
/// Seats are taken in the order in which keyboards are first heard, and left when a
/// keyboard is gone; whoever comes when all are taken shares the last.
struct Seats: Sendable {
  /// As many as channels from 1 up to the percussion's.
  static let most = 8

  var use: KeyboardUse
  /// Nobody has sat down.
  var isEmpty: Bool { keyboards.isEmpty }
  private(set) var current = 0
  private var keyboards: [Keyboard?] = []
  /// Of players who have not been heard yet.
  private var models: [(keyboard: Keyboard, model: PlayerModel)] = []
  /// Nil for the current one, and for those that nobody has sat in.
  private var waiting = [Seat?](repeating: nil, count: most)

  init(_ use: KeyboardUse) { self.use = use }

  /// Everybody but the current player, in order.
  var others: [(number: Int, seat: Seat)] { waiting.enumerated().compactMap { n, seat in seat.map { (n, $0) } } }

  /// The keyboard of the current player; nil where keyboards are together, or before one is heard.
  var keyboard: Keyboard? { use == .apart && keyboards.indices.contains(current) ? keyboards[current] : nil }

  /// Nil where nobody has sat down there.
  func number(of keyboard: Keyboard) -> Int? { keyboards.firstIndex(of: keyboard) }

  /// Of a keyboard without a seat; `model` is what was given for its player.
  mutating func take(for keyboard: Keyboard) -> (number: Int, model: PlayerModel?) {
    let model = models.firstIndex { $0.keyboard == keyboard }.map { models.remove(at: $0).model }
    if let free = keyboards.firstIndex(of: nil) {
      keyboards[free] = keyboard
      return (free, model)
    }
    guard keyboards.count < Self.most else { return (Self.most - 1, nil) }
    keyboards.append(keyboard)
    return (keyboards.count - 1, model)
  }

  mutating func leave(_ keyboard: Keyboard) {
    models.removeAll { $0.keyboard == keyboard }
    if let number = number(of: keyboard) { keyboards[number] = nil }
  }

  /// For whoever will play `keyboard`.
  mutating func keep(_ model: PlayerModel, for keyboard: Keyboard) {
    models.removeAll { $0.keyboard == keyboard }
    if models.count == 4 * Self.most { models.removeFirst() }
    models.append((keyboard, model))
  }

  /// `seat` is what the current player leaves; gives what the player at `number` left, nil for a new one.
  mutating func change(to number: Int, leaving seat: Seat) -> Seat? {
    waiting[current] = seat
    current = number
    defer { waiting[number] = nil }
    return waiting[number]
  }

  mutating func changeOthers(_ change: (inout Seat) -> Void) {
    for number in waiting.indices { changeOther(number, change) }
  }

  mutating func changeOther(_ number: Int, _ change: (inout Seat) -> Void) {
    guard var seat = waiting[number] else { return }
    change(&seat)
    waiting[number] = seat
  }

  /// The current player's remains.
  mutating func standUp() {
    (keyboards, models, current, waiting) = ([], [], 0, Array(repeating: nil, count: Self.most))
  }
}

extension Improviser {
  /// From now on everything is about the player of `keyboard`.
  mutating func sit(at keyboard: Keyboard) {
    guard seats.use == .apart else { return }
    if let number = seats.number(of: keyboard) { return sit(at: number) }
    let isFirst = seats.isEmpty
    let (number, model) = seats.take(for: keyboard)
    if number == seats.current { report(.seated(keyboard, channel)) } else { sit(at: number) }
    // Who begins is whoever was known before.
    if let model = model ?? (isFirst ? nil : PlayerModel()), seats.keyboard == keyboard { responder.player = model }
  }

  mutating func sit(at number: Int) {
    guard number != seats.current else { return }
    let left = Seat(listener: listener, model: responder.player, latest: latest)
    let taken = seats.change(to: number, leaving: left) ?? newSeat
    (listener, responder.player, latest) = (taken.listener, taken.model, taken.latest)
    if let keyboard = seats.keyboard { report(.seated(keyboard, channel)) }
  }

  private var newSeat: Seat {
    Seat(listener: PhraseListener(settings.segmenter.anticipating(settings.lead)), model: PlayerModel())
  }

  /// What is being played is forgotten, everybody but the current player too.
  mutating func change(_ use: KeyboardUse) {
    guard use != seats.use else { return }
    silence()
    listener.forget(at: clock)
    seats.standUp()
    seats.use = use
  }

  /// What is known of the player at `keyboard`, from now on.
  mutating func give(_ model: PlayerModel, to keyboard: Keyboard) {
    guard seats.use == .apart else { return }
    guard let number = seats.number(of: keyboard) else { return seats.keep(model, for: keyboard) }
    if number == seats.current { responder.player = model } else { seats.changeOther(number) { $0.model = model } }
  }

  /// What sounded of the others' answers was cancelled with the current player's: it goes on with its next notes.
  mutating func resumeOthers() {
    guard seats.use == .apart else { return }
    let now = clock
    for (number, seat) in seats.others {
      guard var answer = seat.latest, answer.end > now else { continue }
      let notes = answer.notes.filter { $0.onset > now }
      answer.generation = responder.takeNext()
      for note in notes { actions.append(.play(note, answer.generation)) }
      seats.changeOther(number) { $0.latest = answer }
    }
  }
}
