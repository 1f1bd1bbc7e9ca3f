module github.com/keytrail/keytrail/audit

go 1.26.0
