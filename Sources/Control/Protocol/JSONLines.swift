// SPDX-License-Identifier: Apache-2.0
// Control/Protocol: values as lines of JSON with the keys in order, so that equal values are equal bytes.
import FoundationEssentials

/// The value in one line with its newline. Numbers that JSON cannot write become strings ("inf", "-inf", "nan").
func encodedLine(_ value: some Encodable) -> [UInt8] {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  encoder.keyEncodingStrategy = .convertToSnakeCase
  encoder.nonConformingFloatEncodingStrategy = .convertToString(
    positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
  // None of the protocol's own types can fail to encode; should one, the client gets an empty object.
  let data = (try? encoder.encode(value)) ?? Data("{}".utf8)
  return Array(data) + [UInt8(ascii: "\n")]
}

/// Nil when the line does not hold a `Value`.
func decoded<Value: Decodable>(_ line: Data) -> Value? {
  let decoder = JSONDecoder()
  decoder.keyDecodingStrategy = .convertFromSnakeCase
  decoder.nonConformingFloatDecodingStrategy = .convertFromString(
    positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
  return try? decoder.decode(Value.self, from: line)
}

/// Any of the protocol's values as JSON for people: indented, keys in order, with a newline at the end.
public func readableJSON(_ value: some Encodable) -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
  encoder.keyEncodingStrategy = .convertToSnakeCase
  encoder.nonConformingFloatEncodingStrategy = .convertToString(
    positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
  let data = (try? encoder.encode(value)) ?? Data("{}".utf8)
  return String(decoding: data, as: UTF8.self) + "\n"
}
