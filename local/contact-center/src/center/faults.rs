//! What a script can break, and how it is mended.

use local_aws::{Failure, TranscriptionFault, TranscriptionFaultKind};
use salesforce_org::{Fault as OrgFault, Route};

use super::secret::{Keys, SECRET_NAME};
use super::{Center, lock};
use crate::script::{Connection, ContactLensFault, Fault, SalesforceFault, TranscribeFault};

impl Center {
    /// Breaks something, or puts the secret back.
    ///
    /// # Errors
    /// If no keys can be made, the org's database fails, or there is no such function.
    pub async fn break_it(&self, fault: &Fault) -> anyhow::Result<()> {
        match fault {
            Fault::Salesforce(fault) => {
                for fault in org_faults(fault) {
                    self.org.faults().add(fault);
                }
                lock(&self.faults).push(fault.clone());
            }
            Fault::RevokeSessions => self.org.revoke_sessions()?,
            Fault::RotateKeys => self.rotate_keys().await?,
            Fault::DeleteSecret => self.aws.delete_secret(SECRET_NAME),
            Fault::RestoreSecret => self.put_secret().await,
            Fault::KinesisVideo(fault) => self.break_streams(*fault)?,
            Fault::Transcribe(fault) => self.break_transcription(fault),
            Fault::ContactLens(ContactLensFault::Again) => self.contact_lens.deliver_again(),
            // What else befalls the stream, the call that is played brings along.
            Fault::ContactLens(_) => {}
            Fault::Kill(function) => self.host.kill(function)?,
        }
        Ok(())
    }

    fn break_transcription(&self, fault: &TranscribeFault) {
        if let Some(code) = &fault.refuses {
            let failure = Failure { status: status_of(code), code: code.clone(), times: fault.times };
            for operation in ["StartStreamTranscription", "StartMedicalStreamTranscription"] {
                self.aws.fail_next(operation, failure.clone());
            }
            return;
        }
        let kind = fault.exception.clone().map(TranscriptionFaultKind::Exception);
        let kind = kind.unwrap_or(TranscriptionFaultKind::Broken);
        self.aws.interrupt_next_transcription(TranscriptionFault { after: fault.after, kind });
    }

    /// Ends a fault that lasted until now; the others stay in force.
    pub fn mend(&self, fault: &Fault) {
        let Fault::Salesforce(ended) = fault else { return };
        let mut in_force = lock(&self.faults);
        in_force.retain(|fault| fault != ended);
        self.org.faults().clear();
        for fault in in_force.iter().flat_map(org_faults) {
            self.org.faults().add(fault);
        }
    }

    /// How Salesforce misbehaves now, as far as it was told to.
    pub fn faults_in_force(&self) -> Vec<SalesforceFault> {
        lock(&self.faults).clone()
    }

    /// New key pairs: the org knows them, and the secret has them.
    ///
    /// # Errors
    /// If no keys can be made.
    pub async fn rotate_keys(&self) -> anyhow::Result<()> {
        let keys = Keys::generate().await?;
        keys.register(&self.org)?;
        *self.keys.lock().await = keys;
        self.put_secret().await;
        Ok(())
    }

    /// Writes the secret, also if it was deleted.
    pub async fn put_secret(&self) {
        let secret = self.keys.lock().await.secret(&self.org);
        self.aws.put_secret(SECRET_NAME, &secret);
    }
}

/// The org's own terms for a fault of a script.
fn org_faults(fault: &SalesforceFault) -> Vec<OrgFault> {
    let route = fault.route.map_or(Route::Any, Route::Only);
    let mut faults = Vec::new();
    faults.extend(fault.latency.map(|delay| OrgFault::latency(route, delay)));
    faults.extend(fault.status.map(|status| {
        let answer = OrgFault::status(route, status);
        fault.retry_after.map_or(answer, |seconds| answer.retry_after(seconds))
    }));
    faults.extend(fault.connection.map(|connection| match connection {
        Connection::Reset => OrgFault::reset(route),
        Connection::LostReply => OrgFault::lost_reply(route),
    }));
    let limited = |org_fault: OrgFault| match (fault.times, fault.rate) {
        (Some(times), _) => org_fault.times(times),
        (None, Some(rate)) => org_fault.rate(rate),
        (None, None) => org_fault,
    };
    faults.into_iter().map(limited).collect()
}

/// The HTTP status that Transcribe answers with an error.
fn status_of(code: &str) -> u16 {
    match code {
        "LimitExceededException" => 429,
        "ConflictException" => 409,
        "InternalFailureException" => 500,
        "ServiceUnavailableException" => 503,
        _ => 400,
    }
}
