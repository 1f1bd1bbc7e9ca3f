package mysql

import driver "github.com/go-sql-driver/mysql"

// insertingConns is enough for the four batches that are recorded at a time, and for the words of what was recorded.
const insertingConns = 6

// Inserting gives a small pool for transactions that insert much and wait for nothing but the database. Its sessions
// say that values are bytes, so that MariaDB does not look through each of them for its characters before it does so
// for the column it is put into. Other servers take no JSON that way, so with them it is the main pool.
//
// What is given to a function of texts or to COLLATE is not a text there: such statements belong into the main pool.
func (db *DB) Inserting() *DB { return db.inserting }

func (db *DB) openInserting(parsed *driver.Config, c Config) error {
	db.inserting, db.side.inserting = db, db
	if !db.compound {
		return nil
	}
	cfg, err := prepared(parsed, c.logger())
	if err != nil {
		return err
	}
	cfg.Params["character_set_client"] = "binary"
	inserting, err := newPool(cfg, c, insertingConns, insertingConns)
	if err != nil {
		return err
	}
	inserting.compound, inserting.side, inserting.inserting = true, db.side, inserting
	db.inserting, db.side.inserting = inserting, inserting
	return nil
}
