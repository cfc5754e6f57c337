// SPDX-License-Identifier: Apache-2.0
// CLibraries/CJACK: JACK as Swift can use it. The functions marked JAMD_STAGE are all that the real-time thread calls of
// JACK; each states why it may.
#pragma once
#include <jack/jack.h>
#include <jack/metadata.h>
#include <jack/midiport.h>
#include <jack/transport.h>
#include <jack/uuid.h>
#include <stdint.h>
#include <time.h>

#define JAMD_STAGE __attribute__((swift_attr("@_noLocks"))) __attribute__((swift_attr("@_noAllocation")))

/// Reads the shared memory of the port: documented as real-time safe.
JAMD_STAGE static inline void *jamd_port_buffer(jack_port_t *port, jack_nframes_t frames) {
  return jack_port_get_buffer(port, frames);
}

/// Reads the cycle's start out of shared memory: documented for use from the process callback.
JAMD_STAGE static inline jack_nframes_t jamd_last_frame_time(const jack_client_t *client) {
  return jack_last_frame_time(client);
}

/// Frames that would have played since the server woke for this cycle. Reads the clock (the vDSO answers without entering
/// the kernel) and shared memory, again while the server writes it (at most once a cycle): documented for use from the
/// process callback.
JAMD_STAGE static inline uint32_t jamd_frames_since_cycle(const jack_client_t *client) {
  return jack_frames_since_cycle_start(client);
}

/// The vDSO answers without entering the kernel (CLOCK_MONOTONIC_RAW from Linux 5.3 on).
JAMD_STAGE static inline uint64_t jamd_jack_microseconds(void) { return jack_get_time(); }

/// Writes a length into the port's own buffer.
JAMD_STAGE static inline void jamd_midi_clear(void *buffer) { jack_midi_clear_buffer(buffer); }

/// Reads the port's own buffer.
JAMD_STAGE static inline uint32_t jamd_midi_count(void *buffer) { return jack_midi_get_event_count(buffer); }

/// Reads the port's own buffer: up to three bytes of the event, its length and its offset. Length 0 where there is none.
JAMD_STAGE static inline uint32_t jamd_midi_get3(
    void *buffer, uint32_t index, uint32_t *offset, uint8_t *status, uint8_t *data1, uint8_t *data2) {
  jack_midi_event_t event;
  if (jack_midi_event_get(&event, buffer, index) != 0 || event.size == 0) return 0;
  *offset = event.time;
  *status = event.buffer[0];
  *data1 = event.size > 1 ? event.buffer[1] : 0;
  *data2 = event.size > 2 ? event.buffer[2] : 0;
  return (uint32_t)event.size;
}

/// Writes into the port's own buffer; zero when it took the message. A program change or a channel pressure is two bytes,
/// a real-time message one.
JAMD_STAGE static inline int jamd_midi_write(void *buffer, uint32_t offset, uint8_t status, uint8_t data1, uint8_t data2) {
  uint8_t kind = status & 0xF0;
  jack_midi_data_t bytes[3] = {status, data1, data2};
  return jack_midi_event_write(buffer, offset, bytes, status >= 0xF8 ? 1 : kind == 0xC0 || kind == 0xD0 ? 2 : 3);
}

/// JACK's transport as flat numbers; `has_bbt` only where the timebase master's make sense.
typedef struct {
  uint32_t is_rolling, has_bbt, frame;
  double beat, beats_per_bar, beat_type, beats_per_minute;
} jamd_transport;

/// Reads the cycle's transport out of shared memory: documented for use from the process callback. `beat` counts from
/// the beginning of the piece, in the metre's own beats.
JAMD_STAGE static inline void jamd_transport_query(const jack_client_t *client, jamd_transport *out) {
  jack_position_t position;
  jack_transport_state_t state = jack_transport_query(client, &position);
  *out = (jamd_transport){.is_rolling = state == JackTransportRolling, .frame = position.frame};
  if (!(position.valid & JackPositionBBT)) return;
  double ticks = position.ticks_per_beat, bar = position.beats_per_bar;
  if (!(ticks > 0) || !(bar > 0) || !(position.beat_type > 0) || !(position.beats_per_minute > 0)) return;
  out->has_bbt = 1;
  out->beat = (position.bar - 1) * bar + (position.beat - 1) + position.tick / ticks;
  out->beats_per_bar = bar;
  out->beat_type = position.beat_type;
  out->beats_per_minute = position.beats_per_minute;
}

/// Writes into the position that the timebase callback was given; `beat` counts quarter notes from the beginning.
JAMD_STAGE static inline void jamd_write_position(
    jack_position_t *position, double beat, double beats_per_bar, double beats_per_minute) {
  const double ticks = 1920;
  double bar = __builtin_floor(beat / beats_per_bar), rest = beat - bar * beats_per_bar, whole = __builtin_floor(rest);
  position->valid = (jack_position_bits_t)(position->valid | JackPositionBBT);
  position->bar = (int32_t)bar + 1;
  position->beat = (int32_t)whole + 1;
  position->tick = (int32_t)((rest - whole) * ticks);
  position->bar_start_tick = bar * beats_per_bar * ticks;
  position->beats_per_bar = (float)beats_per_bar;
  position->beat_type = 4;
  position->ticks_per_beat = ticks;
  position->beats_per_minute = beats_per_minute;
}

/// The vDSO answers without entering the kernel (clock source tsc, kvm-clock, arm arch timer).
JAMD_STAGE static inline int64_t jamd_monotonic_nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

// Set-up. The functions below are variadic or macros, which Swift cannot import.

/// Opens a client, never starts a server. `server` NULL: the server that the environment names.
static inline jack_client_t *jamd_client_open(const char *name, const char *server, jack_status_t *status) {
  if (server) return jack_client_open(name, (jack_options_t)(JackNoStartServer | JackServerName), status, server);
  return jack_client_open(name, JackNoStartServer, status);
}

static inline const char *jamd_pretty_name_key(void) { return JACK_METADATA_PRETTY_NAME; }
static inline const char *jamd_order_key(void) { return JACK_METADATA_ORDER; }

static inline const char *jamd_audio_type(void) { return JACK_DEFAULT_AUDIO_TYPE; }
static inline const char *jamd_midi_type(void) { return JACK_DEFAULT_MIDI_TYPE; }
