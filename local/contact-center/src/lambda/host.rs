//! The host: functions by name, invoked, observed, and ended together.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError, RwLock, Weak};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::task::JoinHandle;

use super::log::LogBook;
use super::options::{HostError, Options, check};
use super::pool::{Pool, Request};
use super::queue::{Queue, enqueue};
use super::site::Site;
use super::{Function, Invocation, InvokeError, LogLine, Payload, invoke_api};

/// The largest event of a synchronous invocation, in bytes: 6 MB.
const SYNC_LIMIT: usize = 6 * 1024 * 1024;
/// The largest event of an asynchronous invocation, in bytes: 1 MB.
const ASYNC_LIMIT: usize = 1024 * 1024;

/// Where AWS clients find Lambda.
const INVOKE_URL: &str = "AWS_ENDPOINT_URL_LAMBDA";

/// A running set of functions. Clones are handles on the same one; with the last, its processes end.
#[derive(Clone)]
pub struct Host(Arc<Inner>);

/// A handle that does not keep the host alive: for the server that the host itself owns.
#[derive(Clone)]
pub(super) struct WeakHost(Weak<Inner>);

impl WeakHost {
    pub(super) fn upgrade(&self) -> Option<Host> {
        self.0.upgrade().map(Host)
    }
}

type Observer = Box<dyn Fn(&Invocation) + Send + Sync>;

struct Inner {
    pools: RwLock<Vec<Arc<Pool>>>,
    init_limit: Duration,
    site: Site,
    log: Arc<LogBook>,
    queue: Queue,
    observers: Mutex<Vec<Observer>>,
    stopped: watch::Sender<bool>,
    address: SocketAddr,
    server: JoinHandle<()>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let functions: Vec<String> = self.functions().collect();
        f.debug_struct("Host")
            .field("url", &self.url())
            .field("functions", &functions)
            .finish_non_exhaustive()
    }
}

impl Host {
    /// Makes `functions` ready to be invoked. No process is started yet: the first invocation of each is cold.
    /// They find the Invoke API at `AWS_ENDPOINT_URL_LAMBDA`, so that one can invoke another.
    ///
    /// # Errors
    /// When the port is taken, or Lambda would refuse a function's variables.
    pub async fn start(functions: Vec<Function>, options: Options) -> Result<Self, HostError> {
        functions.iter().try_for_each(check)?;
        let port = options.invoke_port;
        let listen = |source| HostError::Listen { port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let site = Site { region: options.region, account: options.account };
        let log = Arc::new(LogBook::default());
        let inner = Arc::new_cyclic(|inner| Inner {
            pools: RwLock::default(),
            init_limit: options.init_limit,
            site,
            log,
            queue: Queue::new(options.retry_delays),
            observers: Mutex::default(),
            stopped: watch::Sender::new(false),
            address,
            server: invoke_api::serve(listener, WeakHost(inner.clone())),
        });
        let host = Self(inner);
        let pools = functions.into_iter().map(|function| host.new_pool(function)).collect();
        *host.0.pools.write().unwrap_or_else(PoisonError::into_inner) = pools;
        Ok(host)
    }

    /// Invokes a function and waits for its reply. An error of the function is in the invocation; the error here
    /// says that it was not invoked at all.
    ///
    /// The invocation goes on even if this future is dropped, as a real one does when its caller hangs up.
    ///
    /// # Errors
    /// When there is no such function, all its environments are busy, the event is too large, or the host is shut
    /// down.
    pub async fn invoke(&self, name: &str, payload: impl Into<Payload>) -> Result<Invocation, InvokeError> {
        self.invoke_request(name, Request::new(payload.into())).await
    }

    /// Queues an asynchronous invocation and returns its request id. A failed one is repeated, then told to the
    /// function's on-failure destination. Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// When there is no such function, or the event is too large.
    pub fn invoke_later(&self, name: &str, payload: impl Into<Payload>) -> Result<String, InvokeError> {
        self.enqueue_request(name, Request::new(payload.into()))
    }

    /// Waits until every asynchronous invocation is done with.
    pub async fn settle(&self) {
        self.0.queue.settled().await;
    }

    /// Waits until every asynchronous invocation of this function is done with.
    ///
    /// # Errors
    /// When there is no such function.
    pub async fn settle_of(&self, name: &str) -> Result<(), InvokeError> {
        self.settle_of_events(name, |_| true).await
    }

    /// Waits until every asynchronous invocation of this function is done with whose event is like that.
    ///
    /// # Errors
    /// When there is no such function.
    pub async fn settle_of_events(
        &self,
        name: &str,
        is_like_that: impl Fn(&Payload) -> bool,
    ) -> Result<(), InvokeError> {
        let pool = self.pool(name)?;
        self.0.queue.settled_of(&pool.function.name, is_like_that).await;
        Ok(())
    }

    /// The base address of the public Invoke API, e.g. `http://127.0.0.1:9000`.
    pub fn url(&self) -> String {
        format!("http://{}", self.0.address)
    }

    /// The names of all functions, in the order they were given.
    pub fn functions(&self) -> impl Iterator<Item = String> {
        self.pools().into_iter().map(|pool| pool.function.name.clone())
    }

    /// A function as it is deployed now.
    ///
    /// # Errors
    /// When there is no such function.
    pub fn function(&self, name: &str) -> Result<Function, InvokeError> {
        Ok(self.pool(name)?.function.clone())
    }

    /// Deploys a function again, e.g. with another time limit: from now on it is invoked as it is given here. What is under
    /// way goes on as it was.
    ///
    /// # Errors
    /// When Lambda would refuse its variables, or there is no function of that name.
    pub fn deploy(&self, function: Function) -> Result<(), HostError> {
        check(&function)?;
        let before = self.pool(&function.name)?;
        let after = self.new_pool(function);
        let mut pools = self.0.pools.write().unwrap_or_else(PoisonError::into_inner);
        for pool in pools.iter_mut().filter(|pool| Arc::ptr_eq(pool, &before)) {
            *pool = Arc::clone(&after);
        }
        drop(pools);
        before.recycle();
        Ok(())
    }

    /// Every line that every function and the platform wrote so far.
    pub fn logs(&self) -> Vec<LogLine> {
        self.0.log.lines()
    }

    /// Calls `see` for every finished invocation, one at a time. It must be quick, and not call this again.
    pub fn observe(&self, see: impl Fn(&Invocation) + Send + Sync + 'static) {
        self.0.observers.lock().unwrap_or_else(PoisonError::into_inner).push(Box::new(see));
    }

    /// Ends the idle environments of a function, and the busy ones after their invocation: the next one is cold.
    ///
    /// # Errors
    /// When there is no such function.
    pub fn recycle(&self, name: &str) -> Result<(), InvokeError> {
        self.pool(name)?.recycle();
        Ok(())
    }

    /// Kills the processes of a function that are in the middle of an invocation, as the loss of a machine would.
    ///
    /// # Errors
    /// When there is no such function.
    pub fn kill(&self, name: &str) -> Result<(), InvokeError> {
        self.pool(name)?.kill();
        Ok(())
    }

    /// Ends every process, also in the middle of an invocation, and waits until the idle ones are gone.
    pub async fn shutdown(&self) {
        self.0.stopped.send_replace(true);
        for pool in self.pools() {
            pool.close().await;
        }
    }

    /// Like [`Host::invoke`], but waits for a free environment, as event sources do.
    pub(crate) async fn invoke_when_free(
        &self,
        name: &str,
        payload: Payload,
    ) -> Result<Invocation, InvokeError> {
        let pool = self.pool(name)?;
        within(&payload, SYNC_LIMIT)?;
        let place = pool.place_when_free().await?;
        self.run(pool, Request::new(payload), place).await
    }

    /// The ARN of a function that there is.
    pub(crate) fn function_arn(&self, name: &str) -> Result<String, InvokeError> {
        Ok(self.pool(name)?.arn())
    }

    /// Waits for [`Host::shutdown`].
    pub(crate) async fn stopped(&self) {
        // It fails only if the sender is gone, and that is ours.
        let _ = self.0.stopped.subscribe().wait_for(|stopped| *stopped).await;
    }

    pub(crate) fn site(&self) -> &Site {
        &self.0.site
    }

    pub(super) fn queue(&self) -> &Queue {
        &self.0.queue
    }

    pub(super) async fn invoke_request(
        &self,
        name: &str,
        request: Request,
    ) -> Result<Invocation, InvokeError> {
        let pool = self.pool(name)?;
        within(&request.payload, SYNC_LIMIT)?;
        let place = pool.place()?;
        self.run(pool, request, place).await
    }

    pub(super) fn enqueue_request(&self, name: &str, request: Request) -> Result<String, InvokeError> {
        let pool = self.pool(name)?;
        within(&request.payload, ASYNC_LIMIT)?;
        let id = request.id.clone();
        enqueue(self, pool, request);
        Ok(id)
    }

    /// Runs in a task of its own, so that a caller that hangs up does not take the environment along.
    pub(super) async fn run(
        &self,
        pool: Arc<Pool>,
        request: Request,
        place: OwnedSemaphorePermit,
    ) -> Result<Invocation, InvokeError> {
        let host = self.clone();
        let function = pool.function.name.clone();
        let task = tokio::spawn(async move {
            tokio::select! {
                invocation = pool.run(request, place) => {
                    host.tell_observers(&invocation);
                    Some(invocation)
                }
                () = host.stopped() => None,
            }
        });
        task.await.ok().flatten().ok_or(InvokeError::Stopped { function })
    }

    fn tell_observers(&self, invocation: &Invocation) {
        for see in self.0.observers.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            see(invocation);
        }
    }

    fn pools(&self) -> Vec<Arc<Pool>> {
        self.0.pools.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn new_pool(&self, mut function: Function) -> Arc<Pool> {
        if !function.environment.iter().any(|(name, _)| name == INVOKE_URL) {
            function.environment.push((INVOKE_URL.to_owned(), self.url()));
        }
        Arc::new(Pool::new(function, self.0.site.clone(), self.0.init_limit, Arc::clone(&self.0.log)))
    }

    /// The function of that name, or whose binary has that name.
    pub(super) fn pool(&self, name: &str) -> Result<Arc<Pool>, InvokeError> {
        let pools = self.pools();
        let by_name = pools.iter().find(|pool| pool.function.name == name);
        let found = by_name.or_else(|| pools.iter().find(|pool| pool.function.package() == name));
        found.cloned().ok_or_else(|| InvokeError::NotFound {
            name: name.to_owned(),
            known: self.functions().collect::<Vec<_>>().join(", "),
        })
    }
}

fn within(payload: &Payload, limit: usize) -> Result<(), InvokeError> {
    let size = payload.as_bytes().len();
    if size > limit { Err(InvokeError::TooLarge { size, limit }) } else { Ok(()) }
}
