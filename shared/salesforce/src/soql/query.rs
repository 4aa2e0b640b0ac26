//! The clauses of a query.
//! <https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select.htm>

use super::Unexpected;
use super::parser::{Parser, Place};
use super::reads::Scope;

/// The most names in `FROM`: far more than anyone writes, and few enough to try them all on every path.
const MOST_SOURCES: usize = 20;

impl<'a> Parser<'a> {
    /// From `SELECT` to what follows the last clause. `parent` is the scope of the query whose children this one selects.
    pub(crate) fn query(&mut self, parent: Option<usize>) -> Result<(), Unexpected> {
        self.one_of(&["SELECT"], "SELECT")?;
        let outer = self.enter(Scope::new(parent));
        self.list(Self::selected)?;
        self.one_of(&["FROM"], "a comma or FROM")?;
        self.sources(parent.is_some())?;
        if self.take("USING")? {
            self.one_of(&["SCOPE"], "SCOPE")?;
            self.word("a scope such as mine")?;
        }
        if self.take("WHERE")? {
            self.condition()?;
        }
        while self.take("WITH")? {
            self.with()?;
        }
        if self.take("GROUP")? {
            self.one_of(&["BY"], "BY")?;
            self.list(|parser| parser.field("a field, ROLLUP or CUBE"))?;
        }
        if self.take("HAVING")? {
            self.condition()?;
        }
        self.order_and_limits()?;
        self.last_clauses()?;
        self.scope = outer;
        Ok(())
    }

    fn selected(&mut self) -> Result<(), Unexpected> {
        if self.take_symbol("(")? {
            let parent = self.scope;
            self.nested(|parser| parser.query(Some(parent)))?;
            self.symbol(")", "a closing parenthesis behind the sub-query")
        } else if self.take("TYPEOF")? {
            self.type_of()
        } else {
            self.field_with_alias()
        }
    }

    /// A field or a function, which may be given another name.
    pub(crate) fn field_with_alias(&mut self) -> Result<(), Unexpected> {
        self.field("a field, a function or a sub-query")?;
        self.alias()?;
        Ok(())
    }

    /// `TYPEOF What WHEN Account THEN Phone, Owner.Name ELSE Name END`
    fn type_of(&mut self) -> Result<(), Unexpected> {
        let relationship = self.names("a relationship behind TYPEOF")?;
        self.scopes[self.scope].note(relationship.clone());
        let mut cases = 0;
        while self.take("WHEN")? {
            cases += 1;
            let at = self.at;
            let object = self.word("an object behind WHEN")?;
            self.one_of(&["THEN"], "THEN")?;
            let outer = self.enter(Scope::of_object(object, at));
            self.list(|parser| parser.field("a field"))?;
            self.scope = outer;
        }
        if cases == 0 {
            return self.unexpected("WHEN");
        }
        if self.take("ELSE")? {
            self.list(|parser| {
                let names = parser.names("a field")?;
                let path = relationship.iter().chain(&names[..names.len() - 1]).copied().collect();
                parser.scopes[parser.scope].note(path);
                Ok(())
            })?;
        }
        self.one_of(&["END"], "a comma, WHEN, ELSE or END")
    }

    /// `Contact c, c.Account a`: an object, then relationships of it, each of which may have an alias.
    fn sources(&mut self, of_children: bool) -> Result<(), Unexpected> {
        let mut count = 0;
        self.list(|parser| {
            let at = parser.at;
            count += 1;
            if count > MOST_SOURCES {
                return parser.unexpected("no more than 20 names in FROM");
            }
            let names = parser.names("an object")?;
            match (count, names.len(), of_children) {
                (1, 1, _) | (1, 2, true) => {}
                (1, _, true) => return Err(Unexpected { at, expected: "a relationship to children" }),
                (1, ..) => return Err(Unexpected { at, expected: "an object, without a dot" }),
                (_, 1, _) => {
                    return Err(Unexpected { at, expected: "a relationship by its path, such as c.Account" });
                }
                _ => {}
            }
            let alias = if parser.take("AS")? { Some(parser.word("an alias")?) } else { parser.alias()? };
            parser.scopes[parser.scope].add_source(names, alias, at)
        })
    }

    fn with(&mut self) -> Result<(), Unexpected> {
        if self.take("SECURITY_ENFORCED")? || self.take("USER_MODE")? || self.take("SYSTEM_MODE")? {
            return Ok(());
        }
        if self.take("DATA")? {
            return self.data_categories();
        }
        if self.take("RecordVisibilityContext")? {
            return self.options();
        }
        self.condition()
    }

    /// `CATEGORY Geography__c ABOVE usa__c AND Product__c AT (mobile__c, desktop__c)`
    pub(crate) fn data_categories(&mut self) -> Result<(), Unexpected> {
        self.one_of(&["CATEGORY"], "CATEGORY")?;
        loop {
            self.word("a group of data categories")?;
            self.one_of(&["AT", "ABOVE", "BELOW", "ABOVE_OR_BELOW"], "AT, ABOVE, BELOW or ABOVE_OR_BELOW")?;
            if self.take_symbol("(")? {
                self.list(|parser| parser.word("a data category").map(drop))?;
                self.symbol(")", "a comma or a closing parenthesis")?;
            } else {
                self.word("a data category")?;
            }
            if !self.take("AND")? {
                return Ok(());
            }
        }
    }

    /// `(name = literal, …)`
    pub(crate) fn options(&mut self) -> Result<(), Unexpected> {
        self.symbol("(", "options in parentheses")?;
        self.list(|parser| {
            parser.word("the name of an option")?;
            parser.symbol("=", "=")?;
            parser.literal(Place::Compared)
        })?;
        self.symbol(")", "a comma or a closing parenthesis")
    }

    /// `ORDER BY`, `LIMIT` and `OFFSET`.
    pub(crate) fn order_and_limits(&mut self) -> Result<(), Unexpected> {
        if self.take("ORDER")? {
            self.one_of(&["BY"], "BY")?;
            self.list(Self::ordered)?;
        }
        if self.take("LIMIT")? {
            self.count()?;
        }
        if self.take("OFFSET")? {
            self.count()?;
        }
        Ok(())
    }

    fn ordered(&mut self) -> Result<(), Unexpected> {
        self.field("a field")?;
        let _ = self.take("ASC")? || self.take("DESC")?;
        if self.take("NULLS")? {
            self.one_of(&["FIRST", "LAST"], "FIRST or LAST")?;
        }
        Ok(())
    }

    fn last_clauses(&mut self) -> Result<(), Unexpected> {
        loop {
            if self.take("FOR")? {
                self.one_of(&["VIEW", "REFERENCE", "UPDATE"], "VIEW, REFERENCE or UPDATE")?;
            } else if self.take("UPDATE")? {
                self.update()?;
            } else if self.take("ALL")? {
                self.one_of(&["ROWS"], "ROWS")?;
            } else if self.take("SET")? {
                self.one_of(&["OPTIONS"], "OPTIONS")?;
                self.options()?;
            } else {
                return Ok(());
            }
        }
    }

    /// What follows `UPDATE`.
    pub(crate) fn update(&mut self) -> Result<(), Unexpected> {
        self.list(|parser| parser.one_of(&["TRACKING", "VIEWSTAT"], "TRACKING or VIEWSTAT"))
    }
}
