module github.com/keytrail/keytrail/agent

go 1.26.0

require (
	github.com/alecthomas/kong v1.17.0
	github.com/godbus/dbus/v5 v5.2.4
	github.com/jezek/xgb v1.1.1
	golang.org/x/sys v0.50.0
	pgregory.net/rapid v1.3.0
)
