module github.com/keytrail/keytrail/integrations

go 1.26.0

require github.com/keytrail/keytrail/audit v0.0.0

replace github.com/keytrail/keytrail/audit => ../audit
