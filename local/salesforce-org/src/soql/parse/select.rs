//! The clauses of a query.

use super::Parser;
use crate::soql::ast::{Argument, At, Expression, Order, Query, Selected, TypeOf};
use crate::soql::error::QueryError;
use crate::soql::lexer::Kind;
use crate::soql::words::{FieldSet, Function, Mark, Scope, With};

impl Parser<'_> {
    pub(crate) fn query(&mut self) -> Result<Query, QueryError> {
        self.expect("SELECT")?;
        let select = self.list(Self::selected)?;
        self.expect("FROM")?;
        let from = self.object()?;
        self.eat("AS");
        let alias = self.alias();
        let mut paths = Vec::new();
        while self.eat_symbol(",") {
            let path = self.object()?;
            self.eat("AS");
            paths.push((path, self.alias().ok_or_else(|| self.unexpected())?));
        }
        let scope = if self.eat("USING SCOPE") { Some(self.scope()?) } else { None };
        let mut query = Query { alias, paths, scope, ..Query::of(from, select) };
        self.conditions_and_order(&mut query)?;
        if self.eat("ALL ROWS") {
            return Err(self.error(self.peek().at, "ALL ROWS not allowed in this context"));
        }
        Ok(query)
    }

    /// What follows the object: also in the parentheses of a search's `RETURNING`.
    pub(crate) fn conditions_and_order(&mut self, query: &mut Query) -> Result<(), QueryError> {
        if self.eat("WHERE") {
            query.filter = Some(self.condition()?);
        }
        if self.eat("WITH") {
            let with = With::parse(self.peek().text).ok_or_else(|| self.unexpected())?;
            self.take();
            query.with = Some(with);
        }
        if self.eat("GROUP BY") {
            query.group_by = self.list(Self::expression)?;
        }
        if self.eat("HAVING") {
            query.having = Some(self.condition()?);
        }
        if self.eat("ORDER BY") {
            query.order_by = self.list(Self::order)?;
        }
        if self.eat("LIMIT") {
            query.limit = Some(self.count()?);
        }
        if self.eat("OFFSET") {
            query.offset = Some(self.count()?);
        }
        while let Some(mark) = Mark::parse(&format!("{} {}", self.peek().text, self.ahead(1).text)) {
            self.next += 2;
            query.marks.push(mark);
        }
        Ok(())
    }

    fn scope(&mut self) -> Result<Scope, QueryError> {
        let scope = Scope::parse(self.peek().text).ok_or_else(|| self.unexpected())?;
        self.take();
        Ok(scope)
    }

    fn selected(&mut self) -> Result<Selected, QueryError> {
        if self.at_symbol("(") {
            return Ok(Selected::Children(Box::new(self.nested(Self::query)?)));
        }
        let next = self.ahead(1);
        if self.at_word("TYPEOF") && next.kind == Kind::Word && !next.text.eq_ignore_ascii_case("FROM") {
            return self.type_of().map(Selected::TypeOf);
        }
        if self.at_word("FIELDS") && next.text == "(" {
            let at = At(self.take().at);
            let set = self.nested(|parser| {
                let set = FieldSet::parse(parser.peek().text).ok_or_else(|| parser.unexpected())?;
                parser.take();
                Ok(set)
            })?;
            return Ok(Selected::Fields(set, at));
        }
        let expression = self.expression()?;
        Ok(Selected::Expression(expression, self.alias()))
    }

    fn type_of(&mut self) -> Result<TypeOf, QueryError> {
        self.expect("TYPEOF")?;
        let relationship = self.path()?;
        let mut cases = Vec::new();
        while self.eat("WHEN") {
            let object = self.object()?.names.join(".");
            self.expect("THEN")?;
            cases.push((object, self.list(Self::path)?));
        }
        if cases.is_empty() {
            return Err(self.unexpected());
        }
        let otherwise = if self.eat("ELSE") { self.list(Self::path)? } else { Vec::new() };
        self.expect("END")?;
        Ok(TypeOf { relationship, cases, otherwise })
    }

    fn order(&mut self) -> Result<Order, QueryError> {
        let by = self.expression()?;
        let descending = !self.eat("ASC") && self.eat("DESC");
        let nulls_last = if self.eat("NULLS") {
            let last = self.eat("LAST");
            if !last {
                self.expect("FIRST")?;
            }
            last
        } else {
            false
        };
        Ok(Order { by, descending, nulls_last })
    }

    pub(crate) fn expression(&mut self) -> Result<Expression, QueryError> {
        if !self.at_name() || self.ahead(1).text != "(" {
            return self.path().map(Expression::Field);
        }
        let token = self.take();
        // Of a name that is no function, Salesforce finds the parenthesis unexpected.
        let function = Function::parse(token.text).ok_or_else(|| self.unexpected())?;
        let arguments = self.nested(|parser| match function {
            Function::Count if parser.at_symbol(")") => Ok(Vec::new()),
            _ => parser.list(Self::argument),
        })?;
        let expected = match function {
            Function::Count => arguments.len().min(1),
            Function::Geolocation => 2,
            Function::Distance => 3,
            _ => 1,
        };
        if arguments.len() != expected {
            return Err(self.error(token.at, format_args!("unexpected number of arguments: {}", token.text)));
        }
        Ok(Expression::Call(function, arguments, At(token.at)))
    }

    fn argument(&mut self) -> Result<Argument, QueryError> {
        match self.peek().kind {
            Kind::Number | Kind::Text => self.literal().map(Argument::Literal),
            _ => self.expression().map(Argument::Expression),
        }
    }
}
