"""Works with the local org through simple-salesforce, a client that is not ours and knows nothing of the org.

    python ecosystem.py target/debug/examples/serve
"""

import contextlib
import json
import pathlib
import subprocess
import sys
import tempfile
import urllib.parse

import requests
from simple_salesforce import (
    Salesforce,
    SalesforceAuthenticationFailed,
    SalesforceExpiredSession,
    SalesforceMalformedRequest,
    SalesforceMoreThanOneRecord,
    SalesforceResourceNotFound,
    format_external_id,
    format_soql,
)

from server import PATIENCE_SECONDS, check

# Where an org with this My Domain has its token endpoint. Salesforce offers client credentials there only.
MY_DOMAIN = "callbridge.my"

# A name with everything in it that has a meaning in SOQL.
AWKWARD = "O'Neill \\ \"100%\" _; DROP --\u00e9"


def main(*serve):
    with org(*serve) as told, requests.Session() as session:
        wire = ToTheOrg(told["url"])
        session.mount("https://", wire)
        # No proxy and no password of this machine.
        session.trust_env = False
        app = {"consumer_key": told["consumer_key"], "session": session}
        by_key = {**app, "username": told["username"], "privatekey_file": told["key_file"]}
        by_secret = {**app, "consumer_secret": told["consumer_secret"], "domain": MY_DOMAIN}

        salesforce = Salesforce(**by_key)
        check(f"JWT bearer at {wire.host}", wire.host == "login.salesforce.com")
        also = Salesforce(**by_secret)
        check(f"client credentials at {wire.host}", wire.host == f"{MY_DOMAIN}.salesforce.com")
        raises("a secret that is not the app's", SalesforceAuthenticationFailed, "invalid_client",
               lambda: Salesforce(**{**by_secret, "consumer_secret": "another"}))
        raises("a user who is not pre-authorized", SalesforceAuthenticationFailed, "invalid_grant",
               lambda: Salesforce(**{**by_key, "username": "another@callbridge.example"}))

        for part in (described, records, external_ids, queries, pages, searches, usage):
            print(f"--- {part.__name__}", flush=True)
            part(salesforce)
        sessions(also, told, session)


@contextlib.contextmanager
def org(*command):
    """Starts the org, and yields what it tells of itself in its first line."""
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen([*command, pathlib.Path(folder, "key.pem")], stdout=subprocess.PIPE, text=True)
        try:
            line = process.stdout.readline()
            if not line:
                raise SystemExit(f"{command[0]} ended without a word")
            yield json.loads(line)
        finally:
            process.terminate()
            process.wait(PATIENCE_SECONDS)
            process.stdout.close()


class ToTheOrg(requests.adapters.HTTPAdapter):
    """Takes every https request to the org, which listens on loopback without TLS. All else is as in production."""

    def __init__(self, url):
        super().__init__()
        self.url = urllib.parse.urlsplit(url)
        self.host = None

    def send(self, request, **kwargs):
        asked = urllib.parse.urlsplit(request.url)
        self.host = asked.hostname
        request.url = asked._replace(scheme=self.url.scheme, netloc=self.url.netloc).geturl()
        return super().send(request, **kwargs)


def raises(what, kind, code, call):
    """The call fails with an error of this kind, whose first error code is this one."""
    try:
        reply = call()
    except kind as error:
        found = error.code if kind is SalesforceAuthenticationFailed else error.content[0].get("errorCode")
        check(f"{what}: {kind.__name__}, {found}", found == code)
    else:
        raise SystemExit(f"{what}: expected {kind.__name__}, got {reply}")


def described(salesforce):
    names = {each["name"]: each for each in salesforce.describe()["sobjects"]}
    for name in ("Account", "Contact", "Case", "Lead", "Task", "User", "VoiceCall"):
        check(f"{name} is listed", name in names)
    check("the prefix of Case", names["Case"]["keyPrefix"] == "500")
    fields = {field["name"]: field for field in salesforce.Contact.describe()["fields"]}
    check("Contact.LastName is required", not fields["LastName"]["nillable"] and fields["LastName"]["createable"])
    account = fields["AccountId"]
    check("Contact.AccountId refers to Account", account["type"] == "reference" and account["referenceTo"] == ["Account"])
    check("by the name Account", account["relationshipName"] == "Account")
    children = {child["relationshipName"]: child for child in salesforce.Account.describe()["childRelationships"]}
    check("Account.Contacts", children["Contacts"]["childSObject"] == "Contact")
    check("Contacts.AccountId", children["Contacts"]["field"] == "AccountId")
    check("metadata of Account", salesforce.Account.metadata()["objectDescribe"]["name"] == "Account")
    raises("an object that does not exist", SalesforceResourceNotFound, "NOT_FOUND", salesforce.Nothing__c.describe)


def records(salesforce):
    reply = salesforce.Account.create({"Name": AWKWARD, "NumberOfEmployees": 7})
    account = reply["id"]
    check(f"created {account}", reply["success"] and not reply["errors"] and len(account) == 18 and account[:3] == "001")
    for record_id in (account, account[:15]):
        row = salesforce.Account.get(record_id)
        check(f"read by {len(record_id)} characters", (row["Id"], row["Name"]) == (account, AWKWARD))
    check("a number is a number", row["NumberOfEmployees"] == 7 and row["attributes"]["type"] == "Account")
    check("updated", salesforce.Account.update(account, {"NumberOfEmployees": None}) == 204)
    row = salesforce.Account.get(account, params={"fields": "Name,NumberOfEmployees"})
    check("the fields asked for", (row["Name"], row["NumberOfEmployees"]) == (AWKWARD, None) and "Phone" not in row)

    account_type = salesforce.Account
    raises("a required field is missing", SalesforceMalformedRequest, "REQUIRED_FIELD_MISSING",
           lambda: account_type.create({"Phone": "+12065550100"}))
    raises("a field that does not exist", SalesforceMalformedRequest, "INVALID_FIELD",
           lambda: account_type.create({"Name": "x", "Nothing__c": "x"}))
    raises("a text that is too long", SalesforceMalformedRequest, "STRING_TOO_LONG",
           lambda: account_type.update(account, {"Name": "x" * 256}))
    raises("an object that does not exist", SalesforceResourceNotFound, "NOT_FOUND",
           lambda: salesforce.Nothing__c.create({}))

    check("deleted", salesforce.Account.delete(account) == 204)
    raises("deleted again", SalesforceResourceNotFound, "ENTITY_IS_DELETED", lambda: account_type.delete(account))
    raises("read after that", SalesforceResourceNotFound, "ENTITY_IS_DELETED", lambda: account_type.get(account))


def external_ids(salesforce):
    plan = salesforce.Plan__c
    for value in ("A-1", "a/b c?d", "é%"):
        address = format_external_id("Key__c", value)
        reply = plan.upsert(address, {"Name": "first"}, raw_response=True)
        check(f"upsert creates {value}", reply.status_code == 201 and reply.json()["created"])
        check(f"upsert updates {value}", plan.upsert(address, {"Name": "second"}) in (200, 204))
        row = plan.get(address)
        check(f"found by {value}", (row["Key__c"], row["Name"], row["Id"]) == (value, "second", reply.json()["id"]))
    check("found by a custom id", plan.get_by_custom_id("Key__c", "A-1")["Name"] == "second")
    raises("a unique value again", SalesforceMalformedRequest, "DUPLICATE_VALUE",
           lambda: plan.create({"Name": "x", "Key__c": "A-1"}))
    for name in ("one", "two"):
        plan.create({"Name": name, "Code__c": "shared"})
    try:
        plan.upsert("Code__c/shared", {"Name": "x"})
    except SalesforceMoreThanOneRecord as error:
        check(f"several have the external id: {error.content}", len(error.content) == 2)
    else:
        raise SystemExit("an upsert that names two records must fail")


def queries(salesforce):
    account = salesforce.Account.create({"Name": AWKWARD})["id"]
    for name in ("first", "second"):
        salesforce.Contact.create({"LastName": name, "AccountId": account})
    found = salesforce.query(format_soql("SELECT Id, (SELECT LastName FROM Contacts ORDER BY LastName) FROM Account "
                                         "WHERE Name = {}", AWKWARD))
    check("a text comes back", found["totalSize"] == 1 and found["done"] and found["records"][0]["Id"] == account)
    children = found["records"][0]["Contacts"]["records"]
    check("with its children", [child["LastName"] for child in children] == ["first", "second"])
    found = salesforce.query(format_soql("SELECT LastName, Account.Name FROM Contact WHERE Account.Name LIKE '{:like}%' "
                                         "AND LastName IN {} ORDER BY LastName DESC", AWKWARD[:20], ["first", "second"]))
    rows = [(row["LastName"], row["Account"]["Name"]) for row in found["records"]]
    check("parents, LIKE, IN and an order", rows == [("second", AWKWARD), ("first", AWKWARD)])
    check("a count", salesforce.query("SELECT COUNT() FROM Contact")["totalSize"] == 2)
    check("it is no sandbox", salesforce.is_sandbox() is False)
    raises("a query that is none", SalesforceMalformedRequest, "MALFORMED_QUERY",
           lambda: salesforce.query("SELECT FROM Account"))
    raises("a field that does not exist", SalesforceMalformedRequest, "INVALID_FIELD",
           lambda: salesforce.query("SELECT Nothing__c FROM Account"))
    raises("an object that does not exist", SalesforceMalformedRequest, "INVALID_TYPE",
           lambda: salesforce.query("SELECT Id FROM Nothing__c"))


def pages(salesforce):
    names = [f"row {number:03}" for number in range(450)]
    for start in range(0, len(names), 200):
        rows = [{"attributes": {"type": "Lead"}, "LastName": name, "Company": "c"} for name in names[start : start + 200]]
        body = {"allOrNone": True, "records": rows}
        results = salesforce.restful("composite/sobjects", method="POST", json=body)
        check(f"{len(results)} records at once", all(result["success"] for result in results))
    soql = "SELECT LastName FROM Lead ORDER BY LastName"
    by_200 = {"Sforce-Query-Options": "batchSize=200"}
    page = salesforce.query(soql, headers=by_200)
    check("the first of 450", (page["totalSize"], len(page["records"]), page["done"]) == (450, 200, False))
    locator = page["nextRecordsUrl"].rsplit("/", 1)[1]
    page = salesforce.query_more(locator, headers=by_200)
    check("the second, by its locator", (page["records"][0]["LastName"], page["done"]) == ("row 200", False))
    page = salesforce.query_more(page["nextRecordsUrl"], identifier_is_url=True, headers=by_200)
    check("the last, by its address", (len(page["records"]), page["done"]) == (50, True) and "nextRecordsUrl" not in page)
    every = [row["LastName"] for row in salesforce.query_all_iter(soql, headers=by_200)]
    check("all of them, once, in order", every == names)
    raises("a locator of nobody", SalesforceMalformedRequest, "INVALID_QUERY_LOCATOR",
           lambda: salesforce.query_more("01g000000000000AAA-200"))

    gone = salesforce.query("SELECT Id FROM Lead LIMIT 1")["records"][0]["Id"]
    salesforce.Lead.delete(gone)
    check("what is deleted is not found", salesforce.query_all(soql)["totalSize"] == 449)
    check("unless asked for", salesforce.query_all(soql, include_deleted=True)["totalSize"] == 450)


def searches(salesforce):
    contact = salesforce.Contact.create({"LastName": "Waldo Rivers", "Phone": "+12065550123"})["id"]
    for search in ("Waldo", "Wald*", "+12065550123".replace("+", "\\+")):
        found = salesforce.quick_search(search)["searchRecords"]
        check(f"{search} is found", contact in [row["Id"] for row in found])
    found = salesforce.search("FIND {Waldo} IN NAME FIELDS RETURNING Contact(Id, LastName WHERE LastName LIKE 'W%')")
    rows = [(row["Id"], row["LastName"], row["attributes"]["type"]) for row in found["searchRecords"]]
    check("with the fields asked for", rows == [(contact, "Waldo Rivers", "Contact")])
    check("nothing is found", salesforce.quick_search("Nobody")["searchRecords"] == [])
    raises("a search that is none", SalesforceMalformedRequest, "MALFORMED_SEARCH", lambda: salesforce.search("FIND Waldo"))


def usage(salesforce):
    salesforce.query("SELECT Id FROM Account LIMIT 1")
    before = salesforce.api_usage["api-usage"]
    salesforce.query("SELECT Id FROM Account LIMIT 1")
    after = salesforce.api_usage["api-usage"]
    check(f"usage grows from {before} to {after}", (after.used, after.total) == (before.used + 1, before.total))
    daily = salesforce.limits()["DailyApiRequests"]
    check(f"the limits agree: {daily}", daily["Max"] == after.total and 0 <= after.total - after.used - daily["Remaining"] <= 2)


def sessions(salesforce, told, session):
    """A session that ends is noticed, and the client logs in again by itself, as it does in production."""
    old = salesforce.session_id
    reply = session.post(f"{told['url']}/services/oauth2/revoke", data={"token": old})
    check("revoked", reply.status_code == 200)
    direct = {"instance_url": told["url"], "session": session}
    raises("a session that was revoked", SalesforceExpiredSession, "INVALID_SESSION_ID",
           lambda: Salesforce(session_id=old, **direct).query("SELECT Id FROM Account"))
    check("it logs in again", salesforce.query("SELECT Id FROM Account")["done"] and salesforce.session_id != old)
    again = Salesforce(session_id=salesforce.session_id, **direct)
    check("and others may use that session", again.query("SELECT Id FROM Account")["done"])


if __name__ == "__main__":
    main(*sys.argv[1:])
