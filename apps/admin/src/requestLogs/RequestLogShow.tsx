import { Alert, AlertTitle, Stack } from '@mui/material';
import { Show, useRecordContext } from 'react-admin';
import { FactGrid } from '../fields/FactGrid.js';
import { Section } from '../layout/Section.js';
import { warningsHint } from './AttemptWarnings.js';
import { AttemptTimeline } from './AttemptTimeline.js';
import { explainError } from './explainError.js';
import type { RequestLogWithAttempts } from './RequestLog.js';
import { requestFacts } from './requestFacts.js';
import { WarningList } from '../warnings/WarningList.js';

const RequestTitle = () => {
  const request = useRecordContext<RequestLogWithAttempts>();
  return <span>{request === undefined ? 'Request' : `Request ${request.id}`}</span>;
};

export const RequestLogShow = () => (
  <Show title={<RequestTitle />} component="div" actions={false}>
    <RequestPage />
  </Show>
);

const RequestPage = () => {
  const request = useRecordContext<RequestLogWithAttempts>();
  // the list hands over a row without attempts until the whole request has arrived
  if (request?.attempts === undefined) return null;
  return (
    <Stack sx={{ gap: 2.5, mt: 1 }}>
      {request.errorCode === null ? null : <ErrorBox request={request} />}
      <Section title="Facts">
        <FactGrid facts={requestFacts(request)} />
      </Section>
      <Section
        title="Attempts"
        hint={
          request.attempts.length === 0
            ? 'Nobody was asked: the request was refused before that.'
            : 'Who was asked, in order, and where the time went.'
        }
      >
        <AttemptTimeline createdAt={request.createdAt} attempts={request.attempts} />
      </Section>
      <OlderWarnings request={request} />
    </Stack>
  );
};

/** Requests of earlier versions have the warnings of the attempt that answered, and the attempts none. */
const OlderWarnings = ({ request }: { readonly request: RequestLogWithAttempts }) => {
  const { warnings, attempts } = request;
  if (warnings.length === 0 || attempts.some((attempt) => attempt.warnings.length > 0)) return null;
  return (
    <Section title={`Warnings (${warnings.length})`} hint={warningsHint}>
      <WarningList warnings={warnings} />
    </Section>
  );
};

const ErrorBox = ({ request }: { readonly request: RequestLogWithAttempts }) => {
  const explanation = explainError(request.errorCode);
  return (
    <Alert severity={request.outcome === 'failed' ? 'error' : 'warning'}>
      <AlertTitle sx={{ fontWeight: 600 }}>{request.errorCode}</AlertTitle>
      {request.errorMessage}
      {explanation === null ? null : (
        <>
          <br />
          {explanation}
        </>
      )}
    </Alert>
  );
};
