// SPDX-License-Identifier: Apache-2.0
// CLibraries/CALSA: the ALSA sequencer as Swift can use it: flat structs for opaque ones, functions for macros.
#pragma once
#include <alsa/asoundlib.h>
#include <stdint.h>
#include <string.h>

/// A port as far as the decision whether to listen to it needs it. Names are cut to fit.
typedef struct {
  uint8_t client, port;
  unsigned capabilities, type;
  int is_kernel_client;
  char client_name[64], port_name[64];
} calsa_port;

/// An event: `first` and `second` are note and velocity, controller and value, 0 and program, pressure or bend,
/// or the client and port that an announcement is about (`sender` and `destination` for subscriptions).
typedef struct {
  uint8_t type, source_client, source_port, is_stamped;
  uint8_t channel, sender_client, sender_port, destination_client, destination_port;
  int first, second;
  int64_t queue_nanoseconds;
} calsa_event;

static inline void calsa_ignore_error(const char *file, int line, const char *function, int error, const char *format, ...) {
  (void)file, (void)line, (void)function, (void)error, (void)format;
}

/// Keeps alsa-lib from writing to standard error; errors are reported where they are handled.
static inline void calsa_silence(void) { snd_lib_error_set_handler(calsa_ignore_error); }

/// A client without ports. 0 or a negative errno.
static inline int calsa_open(snd_seq_t **handle, const char *name) {
  int error = snd_seq_open(handle, "default", SND_SEQ_OPEN_DUPLEX, SND_SEQ_NONBLOCK);
  if (error < 0) return error;
  return snd_seq_set_client_name(*handle, name);
}

/// The largest pool of unread events that the kernel allows, and a buffer that takes `events` of them with one read.
static inline void calsa_size_buffers(snd_seq_t *handle, unsigned pool, unsigned events) {
  snd_seq_client_pool_t *info;
  snd_seq_client_pool_alloca(&info);
  if (snd_seq_get_client_pool(handle, info) == 0) {
    snd_seq_client_pool_set_input_pool(info, pool);
    snd_seq_set_client_pool(handle, info);
  }
  snd_seq_set_input_buffer_size(handle, events * sizeof(snd_seq_event_t));
}

/// Lets the kernel drop everything but channel messages, clocks and announcements before it queues them.
static inline int calsa_filter(snd_seq_t *handle) {
  static const unsigned char wanted[] = {
      SND_SEQ_EVENT_NOTEON,       SND_SEQ_EVENT_NOTEOFF,     SND_SEQ_EVENT_KEYPRESS,
      SND_SEQ_EVENT_CONTROLLER,   SND_SEQ_EVENT_PGMCHANGE,   SND_SEQ_EVENT_CHANPRESS,
      SND_SEQ_EVENT_SONGPOS,      SND_SEQ_EVENT_START,       SND_SEQ_EVENT_CONTINUE,
      SND_SEQ_EVENT_STOP,         SND_SEQ_EVENT_CLOCK,
      SND_SEQ_EVENT_PITCHBEND,    SND_SEQ_EVENT_CLIENT_EXIT, SND_SEQ_EVENT_PORT_START,
      SND_SEQ_EVENT_PORT_EXIT,    SND_SEQ_EVENT_PORT_CHANGE, SND_SEQ_EVENT_PORT_SUBSCRIBED,
      SND_SEQ_EVENT_PORT_UNSUBSCRIBED};
  for (unsigned i = 0; i < sizeof wanted; i++) {
    int error = snd_seq_set_client_event_filter(handle, wanted[i]);
    if (error < 0) return error;
  }
  return 0;
}

/// A running queue in real time, for stamps; its number or a negative errno.
static inline int calsa_start_queue(snd_seq_t *handle, const char *name) {
  int queue = snd_seq_alloc_named_queue(handle, name);
  if (queue < 0) return queue;
  int error = snd_seq_start_queue(handle, queue, NULL);
  if (error >= 0) error = snd_seq_drain_output(handle);
  return error < 0 ? error : queue;
}

/// A port that takes events, stamped by `queue` when that is not negative. Its number or a negative errno.
static inline int calsa_create_port(snd_seq_t *handle, const char *name, unsigned capabilities, int queue) {
  snd_seq_port_info_t *info;
  snd_seq_port_info_alloca(&info);
  snd_seq_port_info_set_name(info, name);
  snd_seq_port_info_set_capability(info, capabilities);
  snd_seq_port_info_set_type(info, SND_SEQ_PORT_TYPE_MIDI_GENERIC | SND_SEQ_PORT_TYPE_APPLICATION);
  snd_seq_port_info_set_midi_channels(info, 16);
  if (queue >= 0) {
    snd_seq_port_info_set_timestamping(info, 1);
    snd_seq_port_info_set_timestamp_real(info, 1);
    snd_seq_port_info_set_timestamp_queue(info, queue);
  }
  int error = snd_seq_create_port(handle, info);
  return error < 0 ? error : snd_seq_port_info_get_port(info);
}

static inline int calsa_create_input(snd_seq_t *handle, const char *name, int queue) {
  return calsa_create_port(handle, name, SND_SEQ_PORT_CAP_WRITE | SND_SEQ_PORT_CAP_SUBS_WRITE, queue);
}

/// A port of our own for announcements, hidden from others, subscribed to them.
static inline int calsa_follow_announcements(snd_seq_t *handle) {
  int port = calsa_create_port(handle, "announcements", SND_SEQ_PORT_CAP_WRITE | SND_SEQ_PORT_CAP_NO_EXPORT, -1);
  if (port < 0) return port;
  return snd_seq_connect_from(handle, port, SND_SEQ_CLIENT_SYSTEM, SND_SEQ_PORT_SYSTEM_ANNOUNCE);
}

/// Adds the client's names and turns the opaque into the flat. 0 or a negative errno.
static inline int calsa_describe(snd_seq_t *handle, const snd_seq_port_info_t *info, calsa_port *out) {
  snd_seq_client_info_t *client;
  snd_seq_client_info_alloca(&client);
  memset(out, 0, sizeof *out);
  out->client = (uint8_t)snd_seq_port_info_get_client(info);
  out->port = (uint8_t)snd_seq_port_info_get_port(info);
  out->capabilities = snd_seq_port_info_get_capability(info);
  out->type = snd_seq_port_info_get_type(info);
  strncpy(out->port_name, snd_seq_port_info_get_name(info), sizeof out->port_name - 1);
  int error = snd_seq_get_any_client_info(handle, out->client, client);
  if (error < 0) return error;
  out->is_kernel_client = snd_seq_client_info_get_type(client) == SND_SEQ_KERNEL_CLIENT;
  strncpy(out->client_name, snd_seq_client_info_get_name(client), sizeof out->client_name - 1);
  return 0;
}

static inline int calsa_get_port(snd_seq_t *handle, int client, int port, calsa_port *out) {
  snd_seq_port_info_t *info;
  snd_seq_port_info_alloca(&info);
  int error = snd_seq_get_any_port_info(handle, client, port, info);
  return error < 0 ? error : calsa_describe(handle, info, out);
}

/// The next port after (`client`, `port`) in the order of their numbers; start with -1, -1. A negative errno at the end.
static inline int calsa_next_port(snd_seq_t *handle, int *client, int *port, calsa_port *out) {
  snd_seq_client_info_t *clients;
  snd_seq_port_info_t *ports;
  snd_seq_client_info_alloca(&clients);
  snd_seq_port_info_alloca(&ports);
  snd_seq_client_info_set_client(clients, *client);
  snd_seq_port_info_set_client(ports, *client);
  snd_seq_port_info_set_port(ports, *port);
  while (*client < 0 || snd_seq_query_next_port(handle, ports) < 0) {
    int error = snd_seq_query_next_client(handle, clients);
    if (error < 0) return error;
    *client = snd_seq_client_info_get_client(clients);
    snd_seq_port_info_set_client(ports, *client);
    snd_seq_port_info_set_port(ports, -1);
  }
  *port = snd_seq_port_info_get_port(ports);
  return calsa_describe(handle, ports, out);
}

/// The queue's time in nanoseconds since its start; negative on failure.
static inline int64_t calsa_queue_time(snd_seq_t *handle, int queue) {
  snd_seq_queue_status_t *status;
  snd_seq_queue_status_alloca(&status);
  int error = snd_seq_get_queue_status(handle, queue, status);
  if (error < 0) return error;
  const snd_seq_real_time_t *time = snd_seq_queue_status_get_real_time(status);
  return (int64_t)time->tv_sec * 1000000000 + time->tv_nsec;
}

static inline void calsa_flatten(const snd_seq_event_t *event, calsa_event *out) {
  *out = (calsa_event){.type = event->type, .source_client = event->source.client, .source_port = event->source.port};
  switch (event->type) {
  case SND_SEQ_EVENT_NOTEON: case SND_SEQ_EVENT_NOTEOFF: case SND_SEQ_EVENT_KEYPRESS:
    out->channel = event->data.note.channel;
    out->first = event->data.note.note;
    out->second = event->data.note.velocity;
    break;
  case SND_SEQ_EVENT_CLIENT_EXIT: case SND_SEQ_EVENT_PORT_START: case SND_SEQ_EVENT_PORT_EXIT: case SND_SEQ_EVENT_PORT_CHANGE:
    out->sender_client = event->data.addr.client;
    out->sender_port = event->data.addr.port;
    break;
  case SND_SEQ_EVENT_PORT_SUBSCRIBED: case SND_SEQ_EVENT_PORT_UNSUBSCRIBED:
    out->sender_client = event->data.connect.sender.client;
    out->sender_port = event->data.connect.sender.port;
    out->destination_client = event->data.connect.dest.client;
    out->destination_port = event->data.connect.dest.port;
    break;
  default:
    out->channel = event->data.control.channel;
    out->first = (int)event->data.control.param;
    out->second = event->data.control.value;
  }
  if ((event->flags & SND_SEQ_TIME_STAMP_MASK) == SND_SEQ_TIME_STAMP_REAL) {
    out->is_stamped = 1;
    out->queue_nanoseconds = (int64_t)event->time.time.tv_sec * 1000000000 + event->time.time.tv_nsec;
  }
}

/// The next event; 0, -EAGAIN when there is none, -ENOSPC when the kernel had to drop all that waited, or another errno.
static inline int calsa_read(snd_seq_t *handle, calsa_event *out) {
  snd_seq_event_t *event = NULL;
  int result = snd_seq_event_input(handle, &event);
  if (result < 0) return result;
  if (!event) return -EAGAIN;
  calsa_flatten(event, out);
  return 0;
}

/// How many events of the last read are still in the buffer.
static inline int calsa_buffered(snd_seq_t *handle) { return snd_seq_event_input_pending(handle, 0); }

/// The descriptor that is readable when events wait; there is one only.
static inline int calsa_descriptor(snd_seq_t *handle) {
  struct pollfd descriptor = {.fd = -1};
  return snd_seq_poll_descriptors(handle, &descriptor, 1, POLLIN) == 1 ? descriptor.fd : -1;
}
