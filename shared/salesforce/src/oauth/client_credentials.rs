//! The client-credentials grant, by the `oauth2` crate over this crate's one HTTP path.

use super::{SalesforceFields, TokenReply, post};
use crate::reply::Reply;
use crate::{Endpoint, Error, Http, UnreadableProblem};
use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType,
};
use oauth2::{
    AuthType, Client, ClientId, ClientSecret, HttpRequest, HttpResponse, RequestTokenError,
    StandardRevocableToken, StandardTokenResponse, TokenUrl,
};
use secrecy::{ExposeSecret, SecretString};
use tokio::time::Instant;

/// The `oauth2` client with Salesforce's fields in the token reply.
type OauthClient = Client<
    BasicErrorResponse,
    StandardTokenResponse<SalesforceFields, BasicTokenType>,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
>;

pub(super) async fn request(
    http: &Http,
    endpoint: &Endpoint,
    consumer_key: &str,
    consumer_secret: &SecretString,
    deadline: Instant,
) -> Result<TokenReply, Error> {
    let client = OauthClient::new(ClientId::new(consumer_key.to_owned()))
        .set_client_secret(ClientSecret::new(consumer_secret.expose_secret().to_owned()))
        // Salesforce takes both; in the form nothing depends on how either side escapes a header.
        .set_auth_type(AuthType::RequestBody)
        .set_token_uri(TokenUrl::from_url(endpoint.join(&[])?));
    // Owns what it uses: through two layers of closures the compiler cannot see that borrowed clients stay `Send`.
    let (http, endpoint) = (http.clone(), endpoint.clone());
    let exchange = move |request: HttpRequest| {
        let (http, endpoint) = (http.clone(), endpoint.clone());
        async move {
            post(&http, &endpoint, request.into_body(), deadline)
                .await
                .map(|reply| HttpResponse::new(reply.body))
        }
    };
    match client.exchange_client_credentials().request_async(&exchange).await {
        Ok(token) => Ok(token),
        Err(RequestTokenError::Request(error)) => Err(error),
        // Read once more, for an error that names the field and quotes nothing.
        Err(RequestTokenError::Parse(_, body)) => Reply { operation: "login", status: 200, body }.json(),
        // A refusal has become an error in `post` already; what is left is a reply without a body.
        Err(RequestTokenError::ServerResponse(_) | RequestTokenError::Other(_)) => {
            Err(Error::UnreadableReply { operation: "login", status: 200, problem: UnreadableProblem::Empty })
        }
    }
}
