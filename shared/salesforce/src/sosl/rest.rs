//! What follows `FIND {…}`.
//! <https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_sosl_syntax.htm>

use crate::soql::{Kind, Parser, Place, Scope, Unexpected};

impl Parser<'_> {
    /// All clauses behind `FIND`.
    pub(super) fn rest_of_search(&mut self) -> Result<(), Unexpected> {
        if self.take("IN")? {
            self.one_of(&["ALL", "EMAIL", "NAME", "PHONE", "SIDEBAR"], "ALL, EMAIL, NAME, PHONE or SIDEBAR")?;
            self.one_of(&["FIELDS"], "FIELDS")?;
        }
        if self.take("RETURNING")? {
            self.list(Self::returned)?;
        }
        while self.take("WITH")? {
            self.search_filter()?;
        }
        if self.take("LIMIT")? {
            self.count()?;
        }
        if self.take("UPDATE")? {
            self.update()?;
        }
        Ok(())
    }

    /// `Contact (Id, Account.Name USING ListView = Recent WHERE … ORDER BY … LIMIT 5 OFFSET 5)`
    fn returned(&mut self) -> Result<(), Unexpected> {
        let at = self.at;
        let object = self.word("an object behind RETURNING")?;
        self.enter(Scope::of_object(object, at));
        if !self.take_symbol("(")? {
            return Ok(());
        }
        self.list(Self::field_with_alias)?;
        if self.take("USING")? {
            self.one_of(&["LISTVIEW"], "ListView")?;
            self.symbol("=", "=")?;
            self.word("the name of a list view")?;
        }
        if self.take("WHERE")? {
            self.condition()?;
        }
        self.order_and_limits()?;
        self.symbol(")", "a comma, another clause or a closing parenthesis")
    }

    fn search_filter(&mut self) -> Result<(), Unexpected> {
        if self.take("DATA")? {
            return self.data_categories();
        }
        if self.take("SNIPPET")? {
            return if self.at_symbol("(") { self.options() } else { Ok(()) };
        }
        if self.take("HIGHLIGHT")? || self.take("USER_MODE")? || self.take("SYSTEM_MODE")? {
            return Ok(());
        }
        if self.take("NETWORK")? {
            if self.take("IN")? {
                return self.values(Kind::Text);
            }
        } else {
            let others = ["DIVISION", "PRICEBOOKID", "METADATA", "SPELL_CORRECTION"];
            self.one_of(
                &others,
                "a filter that SOSL has, such as DIVISION, NETWORK, PricebookId or SNIPPET",
            )?;
        }
        self.symbol("=", "=")?;
        self.literal(Place::Compared)
    }
}
