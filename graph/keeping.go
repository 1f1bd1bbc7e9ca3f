package graph

import (
	"github.com/keytrail/keytrail/graph/model"
	"github.com/keytrail/keytrail/server/backup"
	"github.com/keytrail/keytrail/server/keeping"
	"github.com/keytrail/keytrail/server/page"
)

func retentionRunConnection(p page.Page[*keeping.RunRecord]) *model.RetentionRunConnection {
	return &model.RetentionRunConnection{PageInfo: &p.Info, Edges: edges(p, func(cursor string, node *keeping.RunRecord) *model.RetentionRunEdge {
		return &model.RetentionRunEdge{Cursor: cursor, Node: node}
	})}
}

func archiveConnection(p page.Page[*keeping.Archive]) *model.ArchiveConnection {
	return &model.ArchiveConnection{PageInfo: &p.Info, Edges: edges(p, func(cursor string, node *keeping.Archive) *model.ArchiveEdge {
		return &model.ArchiveEdge{Cursor: cursor, Node: node}
	})}
}

func archivedEntryConnection(p page.Page[*keeping.ArchivedEntry], searched *keeping.Searched) *model.ArchivedEntryConnection {
	return &model.ArchivedEntryConnection{PageInfo: &p.Info, Searched: searched, Edges: edges(p, func(cursor string, one *keeping.ArchivedEntry) *model.ArchivedEntryEdge {
		return &model.ArchivedEntryEdge{Cursor: cursor, Node: one.Entry, Archive: one.Archive}
	})}
}

func backupConnection(p page.Page[*backup.Record]) *model.BackupConnection {
	return &model.BackupConnection{PageInfo: &p.Info, Edges: edges(p, func(cursor string, node *backup.Record) *model.BackupEdge {
		return &model.BackupEdge{Cursor: cursor, Node: node}
	})}
}

func legalHoldConnection(p page.Page[*keeping.Hold]) *model.LegalHoldConnection {
	return &model.LegalHoldConnection{PageInfo: &p.Info, Edges: edges(p, func(cursor string, node *keeping.Hold) *model.LegalHoldEdge {
		return &model.LegalHoldEdge{Cursor: cursor, Node: node}
	})}
}
