CREATE DATABASE IF NOT EXISTS logs;

CREATE TABLE IF NOT EXISTS logs.app (
  timestamp DateTime64(3, 'UTC'),
  level LowCardinality(String),
  name LowCardinality(String),
  path String,
  module LowCardinality(String),
  function String,
  message String,
  exception String
) ENGINE = MergeTree ORDER BY (level, timestamp) TTL toDateTime(timestamp) + INTERVAL 1 YEAR;

CREATE TABLE IF NOT EXISTS logs.audit (
  timestamp DateTime64(3, 'UTC'),
  level LowCardinality(String),
  name LowCardinality(String),
  message String,
  model LowCardinality(String),
  event_type LowCardinality(String),
  instance_id String,
  instance_repr String,
  user_id Nullable(String),
  user_info String,
  extra String
) ENGINE = MergeTree ORDER BY (model, timestamp) TTL toDateTime(timestamp) + INTERVAL 1 YEAR;

CREATE TABLE IF NOT EXISTS logs.api (
  timestamp DateTime64(3, 'UTC'),
  level LowCardinality(String),
  name LowCardinality(String),
  message String,
  service_name LowCardinality(String),
  request_type LowCardinality(String),
  protocol LowCardinality(String),
  user_id Nullable(String),
  user_info String,
  request_repr String,
  response_repr String,
  error_message Nullable(String),
  execution_time Float64
) ENGINE = MergeTree ORDER BY (service_name, timestamp) TTL toDateTime(timestamp) + INTERVAL 1 YEAR;
